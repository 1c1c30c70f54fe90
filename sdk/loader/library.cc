#include "sdk/loader/library.h"

#include <dlfcn.h>

#include "sdk/loader/error.h"

namespace lamina::loader {

std::shared_ptr<const Library> Library::Open(const std::string& path) {
  std::shared_ptr<Library> library(new Library);
  library->manifest_ = ReadManifest(path);
  CheckLoadable(library->manifest_);
  // dlopen would search its own folders for a bare name.
  const std::string named = path.find('/') == std::string::npos ? "./" + path : path;
  library->handle_ = dlopen(named.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library->handle_) {
    throw LoadError("'" + path + "' cannot be loaded: " + dlerror() + "; is everything it depends on installed?");
  }
  library->table_ = static_cast<const lamina_library_table*>(library->Symbol("lamina_library"));
  return library;
}

Library::~Library() {
  if (handle_) dlclose(handle_);
}

void* Library::Symbol(const char* name) const { return dlsym(handle_, name); }

}  // namespace lamina::loader
