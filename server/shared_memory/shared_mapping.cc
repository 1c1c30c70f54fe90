#include "server/shared_memory/shared_mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/shared_memory/bus_guard.h"

namespace lamina::server {
namespace {

absl::Status CheckKey(const std::string& key) {
  const bool fine = key.size() > 1 && key[0] == '/' && key.find('/', 1) == std::string::npos && key.size() < NAME_MAX &&
                    key.find('\0') == std::string::npos;
  if (fine) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("'", key, "' is no key of shared memory; expected '/name', with no other slash"));
}

std::string Why() { return std::strerror(errno); }

}  // namespace

absl::StatusOr<std::shared_ptr<const SharedMapping>> SharedMapping::Open(const std::string& key, uint64_t offset,
                                                                         uint64_t byte_size) {
  LAMINA_RETURN_IF_ERROR(CheckKey(key));
  const int file = shm_open(key.c_str(), O_RDWR | O_CLOEXEC, 0);
  if (file < 0 && errno == ENOENT)
    return absl::NotFoundError(absl::StrCat("there is no shared memory ", key, "; make it first, on this machine"));
  if (file < 0) return absl::InvalidArgumentError(absl::StrCat("cannot open the shared memory ", key, ": ", Why()));
  std::shared_ptr<SharedMapping> mapping(new SharedMapping(key, file));
  LAMINA_RETURN_IF_ERROR(mapping->Map(offset, byte_size));
  return mapping;
}

absl::Status SharedMapping::Map(uint64_t offset, uint64_t byte_size) {
  struct stat object{};
  if (fstat(file_, &object) != 0)
    return absl::InternalError(absl::StrCat("cannot look at the shared memory ", key_, ": ", Why()));
  const auto size = static_cast<uint64_t>(object.st_size);
  if (byte_size == 0 || byte_size > size || offset > size - byte_size) {
    return absl::InvalidArgumentError(absl::StrCat("the shared memory ", key_, " has ", size, " bytes: it holds no ",
                                                   byte_size, " bytes from ", offset,
                                                   "; expected 1 or more, within it"));
  }
  end_ = offset + byte_size;
  const uint64_t into_page = offset % static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  const size_t length = byte_size + into_page;
  void* const pages =
      mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, file_, static_cast<off_t>(offset - into_page));
  if (pages == MAP_FAILED)
    return absl::ResourceExhaustedError(absl::StrCat("cannot map ", length, " bytes of ", key_, ": ", Why()));
  pages_ = {static_cast<std::byte*>(pages), length};
  bytes_ = pages_.subspan(into_page);
  const std::optional<size_t> guard = GuardAgainstSigbus(pages_);
  if (!guard) {
    munmap(pages, length);
    pages_ = {};
    return absl::ResourceExhaustedError(
        absl::StrCat(kMostGuarded, " regions of shared memory are mapped, which is the limit; unregister some"));
  }
  guard_ = *guard;
  return absl::OkStatus();
}

SharedMapping::~SharedMapping() {
  if (!pages_.empty()) {
    EndGuard(guard_);  // first: what is mapped there next is not ours to put zeros in
    munmap(pages_.data(), pages_.size());
  }
  close(file_);
}

absl::Status SharedMapping::Check() const {
  struct stat object{};
  const bool long_enough = fstat(file_, &object) == 0 && static_cast<uint64_t>(object.st_size) >= end_;
  if (long_enough && !WasTorn(guard_)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the shared memory ", key_,
                   " was made shorter, or could not get its memory, after it was registered; make it anew and register "
                   "it again"));
}

}  // namespace lamina::server
