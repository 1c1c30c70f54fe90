// The bridge turns libraries of layers into extensions of OpenVINO: for each layer an operation, and for each of its
// bindings a mapping of the framework's front-end. It is the only code about layers that knows OpenVINO.
//
// libcpu_extension.so holds the bridge and our own layers. A program that calls ov::Core::add_extension with its path
// gets both, and the layers of the libraries that the environment's LAMINA_LAYERS names. A program that wants a library
// of layers by itself looks up the function below in libcpu_extension.so with dlsym; it does not link it.
#ifndef LAMINA_EXTENSION_BRIDGE_BRIDGE_H_
#define LAMINA_EXTENSION_BRIDGE_BRIDGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ov {
class Extension;
}

extern "C" {

/// Appends the extensions of the libraries of layers at these paths, in their order; a path of the bridge's own library
/// stands for our own layers. Returns true. Or else appends nothing, says in error which library failed, why and what
/// to do, and returns false.
///
/// A library stays loaded until the last extension, model and node that came from it is gone. The bridge's own library
/// has to stay loaded at least as long: close it after them, or never. May be called from any thread; throws nothing.
__attribute__((visibility("default"))) bool lamina_bridge_extensions(
    const char* const* paths, size_t count, std::vector<std::shared_ptr<ov::Extension>>& out, std::string& error);

/// The function's name for dlsym, and its type.
#define LAMINA_BRIDGE_EXTENSIONS "lamina_bridge_extensions"
using LaminaBridgeExtensions = bool (*)(const char* const* paths, size_t count,
                                        std::vector<std::shared_ptr<ov::Extension>>& out, std::string& error);

/// Takes a line of the log; level is a LAMINA_LOG_... of lamina/abi.h. Called from any thread.
using LaminaBridgeLog = void (*)(int32_t level, const char* line, size_t size);

/// Sends the log of bridge and layers to a function, all levels; null: back to the standard error stream. The function
/// has to stay callable as long as the bridge is in use.
__attribute__((visibility("default"))) void lamina_bridge_set_log(LaminaBridgeLog function);
#define LAMINA_BRIDGE_SET_LOG "lamina_bridge_set_log"
}

#endif  // LAMINA_EXTENSION_BRIDGE_BRIDGE_H_
