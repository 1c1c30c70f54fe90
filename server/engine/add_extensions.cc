#include "server/engine/add_extensions.h"

#include <dlfcn.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "extension/bridge/bridge.h"
#include "openvino/core/extension.hpp"
#include "sdk/loader/load.h"
#include "server/api/status_macros.h"
#include "server/engine/ov_error.h"
#include "server/extensions/needed_libraries.h"

namespace lamina::server {
namespace {

/// The bridge's entry. Its library is never closed: models, and the nodes in them, may outlive every one of our own
/// references.
absl::StatusOr<LaminaBridgeExtensions> OpenBridge(const std::string& path) {
  if (path.empty()) {
    return absl::FailedPreconditionError(
        "libraries of layers need our own libcpu_extension.so, which is not beside the server; install it in ../lib");
  }
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return absl::FailedPreconditionError(absl::StrCat("cannot load ", path, ": ", dlerror()));
  void* entry = dlsym(library, LAMINA_BRIDGE_EXTENSIONS);
  if (entry == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " has no ", LAMINA_BRIDGE_EXTENSIONS, "; install the server's own"));
  }
  return reinterpret_cast<LaminaBridgeExtensions>(entry);
}

/// A loaded library, which stays so for those who have opened it, too.
using Handle = std::unique_ptr<void, int (*)(void*)>;

absl::Status AddLayers(ov::Core& core, const ExtensionLibrary& library, const std::string& bridge) {
  LAMINA_ASSIGN_OR_RETURN(const LaminaBridgeExtensions extensions_of, OpenBridge(bridge));
  // The bridge's own loader would end even the process that tries the library if the library threw.
  const Handle loaded(loader::Load(library.loadable_path), dlclose);
  std::vector<std::shared_ptr<ov::Extension>> extensions;
  std::string error;
  const char* const paths[] = {library.loadable_path.c_str()};
  if (!extensions_of(paths, 1, extensions, error)) return absl::FailedPreconditionError(error);
  core.add_extension(extensions);
  return absl::OkStatus();
}

/// They are never closed, as the bridge is not.
void OpenNeeded(const ExtensionLibrary& library) {
  for (const std::string& path : NeededFromItsFolder(library.path, library.manifest)) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const bool is_there = dlopen(name.c_str(), RTLD_NOW | RTLD_NOLOAD) != nullptr;  // the one that it would get
    if (!is_there) loader::Load(path);
  }
}

absl::Status Add(ov::Core& core, const ExtensionLibrary& library, const std::string& bridge) {
  if (library.copy) OpenNeeded(library);
  if (!library.manifest.is_native()) return AddLayers(core, library, bridge);
  // The engine says "cannot find entry point" of everything that goes wrong while it loads a library.
  const Handle loaded(loader::Load(library.loadable_path), dlclose);
  absl::Status added = CatchOv("OpenVINO cannot load it", absl::StatusCode::kFailedPrecondition,
                               [&] { core.add_extension(library.loadable_path); });
  if (added.ok()) return added;
  return absl::Status(added.code(),
                      absl::StrCat(std::string(added.message()),
                                   " (it has the entry point: an error in its own start-up code, or a library "
                                   "that it needs is missing; correct it, or leave it out of CPU_EXTENSION)"));
}

}  // namespace

absl::Status AddExtensions(ov::Core& core, const ExtensionSet& extensions) {
  for (const auto& library : extensions.libraries) {
    absl::Status added;
    const std::string context = absl::StrCat("the extension library ", library->path);
    LAMINA_RETURN_IF_ERROR(CatchOv(context, absl::StatusCode::kFailedPrecondition,
                                   [&] { added = Add(core, *library, extensions.bridge); }));
    if (!added.ok()) return absl::Status(added.code(), absl::StrCat(context, ": ", added.message()));
  }
  return absl::OkStatus();
}

}  // namespace lamina::server
