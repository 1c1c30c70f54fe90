#include "server/transport/scheduled_time.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "server/transport/file_descriptor.h"

namespace lamina::server {

std::optional<ScheduledTime> ScheduledTimeOf(pid_t thread) {
  const FileDescriptor file(open(absl::StrCat("/proc/self/task/", thread, "/schedstat").c_str(), O_RDONLY | O_CLOEXEC));
  char text[128];
  const ssize_t size = file.get() < 0 ? -1 : read(file.get(), text, sizeof text);
  if (size <= 0) return std::nullopt;
  const char* end = text + size;
  int64_t ran = 0, waited = 0;
  const auto first = std::from_chars(text, end, ran);
  if (first.ec != std::errc() || first.ptr == end) return std::nullopt;
  if (std::from_chars(first.ptr + 1, end, waited).ec != std::errc()) return std::nullopt;
  return ScheduledTime{.ran = std::chrono::nanoseconds(ran), .waited = std::chrono::nanoseconds(waited)};
}

}  // namespace lamina::server
