// The entry points of libcpu_extension.so.
#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "extension/bridge/bridge.h"
#include "extension/bridge/extensions.h"
#include "extension/bridge/isa.h"
#include "extension/bridge/log.h"
#include "extension/forest/isa.h"
#include "sdk/loader/library.h"

namespace lamina::bridge {
namespace {

std::string OwnPath() {
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&OwnPath), &info) == 0 || !info.dli_fname) {
    throw std::runtime_error("the extension cannot tell its own path; it has to be a shared library");
  }
  return info.dli_fname;
}

// Our trees choose their kernels themselves.
void CapForest() {
  const int32_t isa = Isa();
  if (isa == loader::MachineIsa()) return;
  const std::string word = WordOfIsa(isa);
  if (forest::CapTarget(word)) return;
  Log(LAMINA_LOG_WARNING, "CPU_EXTENSION_ISA",
      "this library has no kernels for '" + word +
          "': it was built for another instruction set alone; use libcpu_extension.so");
}

// Our own layers. The library is loaded, and this code is in it: looked up in itself, as another library's table would
// stand in for ours if the loader were asked.
Layers OwnLayers() {
  CapForest();
  Log(LAMINA_LOG_INFO, "libcpu_extension.so",
      std::string("layers may use ") + loader::IsaName(Isa()) + "; trees run on Highway's target " + forest::Target());
  void* self = dlopen(OwnPath().c_str(), RTLD_NOW | RTLD_NOLOAD);
  const void* table = self ? dlsym(self, "lamina_library") : nullptr;
  if (self) dlclose(self);
  return table ? LayersOf(*static_cast<const lamina_library_table*>(table), nullptr) : Layers();
}

bool IsOwn(const std::string& path) {
  std::error_code error;
  return std::filesystem::equivalent(path, OwnPath(), error);
}

void Append(Layers& layers, Layers more) { layers.insert(layers.end(), more.begin(), more.end()); }

Layers LayersAt(const std::string& path) {
  if (IsOwn(path)) return OwnLayers();
  const auto library = loader::Library::Open(path);
  if (!library->table()) {
    throw std::runtime_error(
        "'" + path + "' holds no layers of this SDK; if it is an OpenVINO extension, load it with add_extension");
  }
  return LayersOf(*library->table(), library);
}

// ':' between the paths, as in PATH.
std::vector<std::string> PathsOfEnvironment() {
  std::vector<std::string> paths;
  const char* text = std::getenv("LAMINA_LAYERS");
  std::string_view left = text ? text : "";
  while (!left.empty()) {
    const size_t end = std::min(left.find(':'), left.size());
    if (end > 0) paths.emplace_back(left.substr(0, end));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return paths;
}

// A program may keep a node or an output of a model for longer than the model and its core, which hold the library:
// variables of a Python script are destroyed in any order. The code that destroys a node must still be there.
void StayLoaded() { (void)dlopen(OwnPath().c_str(), RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE); }

}  // namespace

// Our layers and those of LAMINA_LAYERS. A library that cannot be used is told on the log and left out: the others
// work.
std::vector<std::shared_ptr<ov::Extension>> AllExtensions() {
  StayLoaded();
  Layers layers = OwnLayers();
  for (const auto& path : PathsOfEnvironment()) {
    try {
      Append(layers, LayersAt(path));
    } catch (const std::exception& error) {
      Log(LAMINA_LOG_ERROR, "LAMINA_LAYERS", error.what());
    }
  }
  return ExtensionsOf(layers);
}

}  // namespace lamina::bridge

bool lamina_bridge_extensions(const char* const* paths, size_t count, std::vector<std::shared_ptr<ov::Extension>>& out,
                              std::string& error) {
  using namespace lamina::bridge;
  try {
    Layers layers;
    for (size_t i = 0; i < count; ++i) Append(layers, LayersAt(paths[i]));
    auto extensions = ExtensionsOf(layers);
    out.insert(out.end(), extensions.begin(), extensions.end());
    return true;
  } catch (const std::exception& failure) {
    error = failure.what();
    return false;
  }
}

OPENVINO_CREATE_EXTENSIONS(lamina::bridge::AllExtensions());
