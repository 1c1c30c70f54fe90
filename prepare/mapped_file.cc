#include "prepare/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace lamina::prepare {

absl::StatusOr<std::shared_ptr<const MappedFile>> MappedFile::Open(const std::filesystem::path& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe is not waited for
  if (file < 0) return absl::NotFoundError(absl::StrCat(path.string(), " cannot be opened: ", std::strerror(errno)));
  struct stat status = {};
  std::shared_ptr<MappedFile> mapped(new MappedFile);
  std::string problem;
  if (fstat(file, &status) != 0) {
    problem = std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    problem = "it is not a file";
  } else if (status.st_size > 0) {
    const size_t size = static_cast<size_t>(status.st_size);
    void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (data == MAP_FAILED)
      problem = std::strerror(errno);
    else
      mapped->bytes_ = std::string_view(static_cast<const char*>(data), size);
  }
  close(file);
  if (!problem.empty()) return absl::InvalidArgumentError(absl::StrCat(path.string(), " cannot be read: ", problem));
  return mapped;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace lamina::prepare
