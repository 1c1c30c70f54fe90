#ifndef LAMINA_CLI_LIBRARIES_H_
#define LAMINA_CLI_LIBRARIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sdk/loader/manifest.h"

namespace lamina::cli {

/// The folder that this program lies in.
std::string ProgramDir();

/// Our own library, beside this program.
std::string OwnLibrary();

/// The libraries that count for a model: those of the flag --cpu_extension, or else of CPU_EXTENSION; nullopt: none of
/// them is given. Empty: libraries are switched off.
std::optional<std::vector<std::string>> NamedLibraries(const std::vector<std::string>& flag);

/// Takes LAMINA_LAYERS out of the environment, with a warning: our own library would load what it names, and its layers
/// would be known to nothing else. For commands that load models; before anything is loaded.
void IgnoreLayersOfEnvironment();

/// The manifests of libraries, ':'-separated in each path; of our own when none is named. Throws loader::LoadError.
std::vector<loader::Manifest> ReadManifests(const std::vector<std::string>& paths);

/// "int or list of ints": the kinds that an attribute may be of, a bit 1 << LAMINA_ATTRIBUTE_... each.
std::string KindNames(uint64_t kinds);

}  // namespace lamina::cli

#endif  // LAMINA_CLI_LIBRARIES_H_
