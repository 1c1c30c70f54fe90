#include "server/transport/busy_polling.h"

#include <algorithm>

namespace lamina::server {
namespace {

// Of a period: who waited longer than this for a core shares it. A thread with one client waits for 0 to 1% of the time,
// one with eight clients on the same two cores for 3 to 30%, as the system's scheduler would have it.
constexpr double kCrowded = 0.02;
// Of a period: who works for longer than this hardly ever sleeps, and takes more requests at a time when it does.
constexpr double kBusy = 0.75;

}  // namespace

void BusyPolling::AfterWait(Clock::duration wait, Clock::duration polled) {
  credit_ = wait <= most_ ? std::min(credit_ + 1, 2 * kWorthIt) : std::max(credit_ - kWorthIt, 0);
  polled_ += polled;
}

ThreadGovernor::Period BusyPolling::AfterPeriod(ThreadGovernor::Period period) {
  const auto much = std::chrono::duration_cast<Clock::duration>(kCrowded * period.length);
  const bool crowded = period.waited > much;
  if (polled_ > much) {
    if (crowded) not_before_ = period.end + patience_;
    patience_ = crowded ? std::min<Clock::duration>(2 * patience_, kMostPatience)
                        : std::max<Clock::duration>(patience_ / 2, kLeastPatience);
  }
  period.ran -= std::min<std::chrono::nanoseconds>(polled_, period.ran);
  polled_ = {};
  useless_ = crowded || period.ran > kBusy * period.length || period.end < not_before_;
  return period;
}

}  // namespace lamina::server
