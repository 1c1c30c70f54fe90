#ifndef LAMINA_SERVER_TRANSPORT_BUSY_POLLING_H_
#define LAMINA_SERVER_TRANSPORT_BUSY_POLLING_H_

#include <chrono>

#include "server/transport/thread_governor.h"

namespace lamina::server {

/// Decides whether a thread that has nothing to do looks for more (polls) for a while before it sleeps. To fall asleep
/// and be woken takes a virtual machine longer than a small model takes, and most of it is the processor's time
/// (docs/design/transport.md). So who has mostly waited for less than a limit polls for that long, unless it is busy,
/// or others want its core: then it sleeps at once for some time to come.
///
/// KVM decides by such rules whether to halt a virtual processor. Source: Documentation/virt/kvm/halt-polling.rst.
class BusyPolling {
 public:
  using Clock = std::chrono::steady_clock;

  /// `most`: the longest time to poll; 0: never.
  explicit BusyPolling(std::chrono::microseconds most) : most_(most) {}

  /// How long to poll before the next sleep; 0: not at all.
  Clock::duration Time() const { return useless_ || credit_ < kWorthIt ? Clock::duration(0) : most_; }

  /// Notes how long there was nothing to do, and how much of that was polled.
  void AfterWait(Clock::duration wait, Clock::duration polled);

  /// Notes what the thread ran, and waited for a core. Returns the same without what was polled, which is no work.
  ThreadGovernor::Period AfterPeriod(ThreadGovernor::Period period);

 private:
  static constexpr int kWorthIt = 8;  // so many short waits make up for a long one
  static constexpr std::chrono::milliseconds kLeastPatience{100}, kMostPatience{2000};

  const Clock::duration most_;
  int credit_ = 0;  // of short waits
  bool useless_ = false;  // as far as the last period says
  Clock::duration polled_{};                   // in this period
  Clock::time_point not_before_;               // it polls again
  Clock::duration patience_ = kLeastPatience;  // after the next time that it was in somebody's way
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_BUSY_POLLING_H_
