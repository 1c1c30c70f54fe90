// What lies under a path that is about to be opened and read.
#ifndef LAMINA_SERVER_API_FILE_KIND_H_
#define LAMINA_SERVER_API_FILE_KIND_H_

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace lamina::server {

/// An error for a pipe, a socket or a device, of which reading may never end or begin. OK for all else, of which
/// opening it says what is wrong at once.
inline absl::Status CheckHasEnd(const std::filesystem::path& path) {
  const auto refuse = [&](const char* kind) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), " is a ", kind, ", expected a regular file; put one there"));
  };
  std::error_code ignored;
  switch (std::filesystem::status(path, ignored).type()) {
    case std::filesystem::file_type::fifo:
      return refuse("pipe");
    case std::filesystem::file_type::socket:
      return refuse("socket");
    case std::filesystem::file_type::character:
    case std::filesystem::file_type::block:
      return refuse("device");
    default:
      return absl::OkStatus();
  }
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_FILE_KIND_H_
