#include "sdk/loader/library.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sdk/loader/error.h"

namespace lamina::loader {
namespace {

// A copy in memory: nothing is left on disk, whatever happens to the process.
int CopyToMemory(const std::string& path) {
  const int from = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int to = memfd_create("lamina-library", MFD_CLOEXEC);
  struct stat status;
  bool copied = from >= 0 && to >= 0 && fstat(from, &status) == 0;
  for (off_t done = 0; copied && done < status.st_size;) copied = sendfile(to, from, &done, status.st_size - done) > 0;
  const std::string why = std::strerror(errno);
  if (from >= 0) close(from);
  if (!copied) {
    if (to >= 0) close(to);
    throw LoadError("'" + path + "' cannot be copied to memory: " + why);
  }
  return to;
}

}  // namespace

std::shared_ptr<const Library> Library::Open(const std::string& path, As as) {
  std::shared_ptr<Library> library(new Library);
  library->manifest_ = ReadManifest(path);
  CheckLoadable(library->manifest_);
  library->loaded_path_ = path;
  if (as == As::kPrivateCopy) {
    library->copy_ = CopyToMemory(path);
    library->loaded_path_ = "/proc/self/fd/" + std::to_string(library->copy_);
  } else if (path.find('/') == std::string::npos) {
    library->loaded_path_ = "./" + path;  // dlopen would search its own folders for a bare name
  }
  library->handle_ = dlopen(library->loaded_path_.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library->handle_) {
    throw LoadError("'" + path + "' cannot be loaded: " + dlerror() + "; is everything it depends on installed?");
  }
  library->table_ = static_cast<const lamina_library_table*>(library->Symbol("lamina_library"));
  return library;
}

Library::~Library() {
  if (handle_) dlclose(handle_);
  if (copy_ < 0) return;
  // A library that the loader keeps all the same keeps its name, too: the descriptor's number must not come again.
  if (void* kept = dlopen(loaded_path_.c_str(), RTLD_NOW | RTLD_NOLOAD)) {
    dlclose(kept);
  } else {
    close(copy_);
  }
}

void* Library::Symbol(const char* name) const { return dlsym(handle_, name); }

}  // namespace lamina::loader
