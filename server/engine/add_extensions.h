#ifndef LAMINA_SERVER_ENGINE_ADD_EXTENSIONS_H_
#define LAMINA_SERVER_ENGINE_ADD_EXTENSIONS_H_

#include "absl/status/status.h"
#include "openvino/runtime/core.hpp"
#include "server/extensions/extension_library.h"

namespace lamina::server {

/// Loads the libraries and gives what they hold to the core, in their order: native OpenVINO extensions as they are,
/// libraries of layers through the bridge. An error names the library.
absl::Status AddExtensions(ov::Core& core, const ExtensionSet& extensions);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_ADD_EXTENSIONS_H_
