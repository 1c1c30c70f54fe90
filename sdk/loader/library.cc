#include "sdk/loader/library.h"

#include <dlfcn.h>

#include "sdk/loader/load.h"

namespace lamina::loader {

std::shared_ptr<const Library> Library::Open(const std::string& path) {
  std::shared_ptr<Library> library(new Library);
  library->manifest_ = ReadManifest(path);
  CheckLoadable(library->manifest_);
  library->handle_ = Load(path);
  library->table_ = static_cast<const lamina_library_table*>(library->Symbol("lamina_library"));
  return library;
}

Library::~Library() {
  if (handle_) dlclose(handle_);
}

void* Library::Symbol(const char* name) const { return dlsym(handle_, name); }

}  // namespace lamina::loader
