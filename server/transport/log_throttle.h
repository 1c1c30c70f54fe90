#ifndef LAMINA_SERVER_TRANSPORT_LOG_THROTTLE_H_
#define LAMINA_SERVER_TRANSPORT_LOG_THROTTLE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace lamina::server {

/// Lets a line of the log pass once a second, of those that clients can cause as often as they like. Thread-safe.
class LogThrottle {
 public:
  using Clock = std::chrono::steady_clock;

  /// How many lines were held back since the last one that passed; nothing: this one is held back, too.
  std::optional<int> Pass(Clock::time_point now = Clock::now()) {
    int64_t next = next_.load(std::memory_order_relaxed);
    const int64_t at = now.time_since_epoch().count();
    const int64_t later = (now + std::chrono::seconds(1)).time_since_epoch().count();
    if (at < next || !next_.compare_exchange_strong(next, later, std::memory_order_relaxed)) {
      held_back_.fetch_add(1, std::memory_order_relaxed);
      return std::nullopt;
    }
    return held_back_.exchange(0, std::memory_order_relaxed);
  }

 private:
  std::atomic<int64_t> next_ = INT64_MIN;  // ticks of the clock
  std::atomic<int> held_back_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_LOG_THROTTLE_H_
