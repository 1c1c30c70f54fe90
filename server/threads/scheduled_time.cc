#include "server/threads/scheduled_time.h"

#include <cstdint>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace lamina::server {

std::optional<ScheduledTime> ScheduledTimeOf(pid_t thread) {
  std::ifstream file(absl::StrCat("/proc/self/task/", thread, "/schedstat"));
  int64_t ran = 0, waited = 0;
  if (!(file >> ran >> waited)) return std::nullopt;
  return ScheduledTime{.ran = std::chrono::nanoseconds(ran), .waited = std::chrono::nanoseconds(waited)};
}

}  // namespace lamina::server
