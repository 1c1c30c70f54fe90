#ifndef LAMINA_SERVER_MODELS_FAILURE_LOG_H_
#define LAMINA_SERVER_MODELS_FAILURE_LOG_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// Tells the log why a version did not answer, where that is the server's or the model's fault and not the request's:
/// clients may keep it to themselves. One line a second, as a model that fails may fail at every request; the next one
/// says how many there were since. Thread-safe.
class FailureLog {
 public:
  using Clock = std::chrono::steady_clock;

  /// `owner` names the version: "model 'm' version 3".
  explicit FailureLog(std::string owner) : owner_(std::move(owner)) {}
  /// Tells of those that no line has told of.
  ~FailureLog();
  FailureLog(const FailureLog&) = delete;
  FailureLog& operator=(const FailureLog&) = delete;

  void Tell(const absl::Status& status, Clock::time_point now = Clock::now());

 private:
  const std::string owner_;
  Mutex mutex_;
  Clock::time_point next_ ABSL_GUARDED_BY(mutex_);  // no line before
  uint64_t untold_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_FAILURE_LOG_H_
