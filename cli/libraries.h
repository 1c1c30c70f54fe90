#ifndef LAMINA_CLI_LIBRARIES_H_
#define LAMINA_CLI_LIBRARIES_H_

#include <string>
#include <vector>

#include "sdk/loader/manifest.h"

namespace lamina::cli {

/// The folder that this program lies in.
std::string ProgramDir();

/// Our own library, beside this program.
std::string OwnLibrary();

/// The manifests of libraries, ':'-separated in each path; of our own when none is named. Throws loader::LoadError.
std::vector<loader::Manifest> ReadManifests(const std::vector<std::string>& paths);

/// "onnx ai.onnx.ml TreeEnsemble since 5": framework, domain, operator, versions.
std::string BindingText(const loader::Binding& binding);

}  // namespace lamina::cli

#endif  // LAMINA_CLI_LIBRARIES_H_
