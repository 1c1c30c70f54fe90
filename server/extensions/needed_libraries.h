#ifndef LAMINA_SERVER_EXTENSIONS_NEEDED_LIBRARIES_H_
#define LAMINA_SERVER_EXTENSIONS_NEEDED_LIBRARIES_H_

#include <string>
#include <vector>

#include "sdk/loader/manifest.h"

namespace lamina::server {

/// The libraries that one at `path` is linked with and finds from its own folder ($ORIGIN), in their order. A copy of
/// it in memory has no such folder: who loads one loads these first, and the dynamic loader takes them by their names.
std::vector<std::string> NeededFromItsFolder(const std::string& path, const loader::Manifest& manifest);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_EXTENSIONS_NEEDED_LIBRARIES_H_
