#include "server/extensions/private_copy.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lamina::server {
namespace {

bool CopyAll(int from, int to) {
  struct stat status;
  if (from < 0 || fstat(from, &status) != 0) return false;
  for (off_t done = 0; done < status.st_size;) {
    if (sendfile(to, from, &done, status.st_size - done) <= 0) return false;
  }
  return true;
}

}  // namespace

PrivateCopy::PrivateCopy(int descriptor)
    : descriptor_(descriptor), path_("/proc/self/fd/" + std::to_string(descriptor)) {}

std::shared_ptr<const PrivateCopy> PrivateCopy::Of(const std::string& library) {
  const int memory = memfd_create("lamina-library", MFD_CLOEXEC);
  if (memory < 0) return nullptr;
  const std::shared_ptr<const PrivateCopy> copy(new PrivateCopy(memory));
  const int from = open(library.c_str(), O_RDONLY | O_CLOEXEC);
  const bool copied = CopyAll(from, memory);
  if (from >= 0) close(from);
  return copied && access(copy->path().c_str(), R_OK) == 0 ? copy : nullptr;
}

PrivateCopy::~PrivateCopy() {
  // A library that is still loaded keeps its name: the descriptor's number must not stand for another one.
  if (void* kept = dlopen(path_.c_str(), RTLD_NOW | RTLD_NOLOAD)) {
    dlclose(kept);
  } else {
    close(descriptor_);
  }
}

}  // namespace lamina::server
