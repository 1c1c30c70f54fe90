#ifndef LAMINA_SERVER_TRANSPORT_THREAD_GOVERNOR_H_
#define LAMINA_SERVER_TRANSPORT_THREAD_GOVERNOR_H_

#include <chrono>

namespace lamina::server {

/// Decides how many threads are to serve: few while few are enough or no core is free for more, all when there is work
/// for all. Requests that one thread takes together cost less than the same on two (docs/design/transport.md), and a
/// thread that has to wait for its core serves nobody.
class ThreadGovernor {
 public:
  using Clock = std::chrono::steady_clock;

  /// Of one period, the sum of all threads that served in it.
  struct Period {
    Clock::time_point end;
    std::chrono::nanoseconds length{};
    std::chrono::nanoseconds ran{};     // on a core
    std::chrono::nanoseconds waited{};  // ready to run, while others had the cores
  };

  /// At first one of `most` threads serves.
  explicit ThreadGovernor(int most) : most_(most) {}

  int active() const { return active_; }

  /// How many threads are to serve in the next period.
  int Next(const Period& period);

 private:
  const int most_;
  int active_ = 1;
  Clock::time_point not_before_;               // no more threads
  Clock::time_point grown_;                    // the last time that there became more
  Clock::duration patience_ = kLeastPatience;  // after the next time that more were in vain

  static constexpr std::chrono::seconds kLeastPatience{1}, kMostPatience{30};
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_THREAD_GOVERNOR_H_
