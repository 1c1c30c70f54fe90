#include "server/models/failure_log.h"

#include <spdlog/spdlog.h>

#include <string_view>

namespace lamina::server {
namespace {

constexpr auto kBetweenLines = std::chrono::seconds(1);

/// The codes that protocols answer as the server's fault, 500.
bool IsOurs(const absl::Status& status) {
  return absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status);
}

}  // namespace

FailureLog::~FailureLog() {
  MutexLock lock(mutex_);
  if (untold_ > 0) spdlog::error("{}: {} more failed after the last that was told", owner_, untold_);
}

void FailureLog::Tell(const absl::Status& status, Clock::time_point now) {
  if (!IsOurs(status)) return;
  MutexLock lock(mutex_);
  if (now < next_) {
    ++untold_;
    return;
  }
  next_ = now + kBetweenLines;
  // Memory may be out, for which spdlog has a catch and this has none.
  const std::string_view why(status.message().data(), status.message().size());
  if (untold_ == 0) {
    spdlog::error("{}: a request failed: {}", owner_, why);
  } else {
    spdlog::error("{}: a request failed: {} ({} more failed since the last that was told)", owner_, why, untold_);
  }
  untold_ = 0;
}

}  // namespace lamina::server
