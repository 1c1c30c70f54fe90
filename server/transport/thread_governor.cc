#include "server/transport/thread_governor.h"

#include <algorithm>
#include <cmath>

namespace lamina::server {
namespace {

// Of the time of the threads that serve: from this much work on there are more, below that little there are fewer.
constexpr double kBusy = 0.6, kIdle = 0.3;
// Of the time that they ran: who waits longer than this for a core has no use for more threads.
constexpr double kContended = 0.2;

}  // namespace

int ThreadGovernor::Next(const Period& period) {
  const double ran = std::chrono::duration<double>(period.ran) / period.length;
  const double waited = std::chrono::duration<double>(period.waited) / period.length;
  const double work = ran + waited;  // in threads
  const bool contended = waited > kContended * ran;
  if (active_ > 1 && contended) {
    active_ = std::clamp(static_cast<int>(std::floor(ran)), 1, active_ - 1);
    not_before_ = period.end + patience_;
    patience_ = std::min<Clock::duration>(2 * patience_, kMostPatience);
  } else if (active_ > 1 && work < kIdle * active_) {
    active_ = std::clamp(static_cast<int>(std::ceil(work / kBusy)), 1, active_ - 1);
  } else if (active_ < most_ && !contended && work > kBusy * active_ && period.end >= not_before_) {
    active_ = std::min(most_, 2 * active_);
    grown_ = period.end;
  } else if (active_ > 1 && period.end - grown_ > kMostPatience) {
    patience_ = kLeastPatience;
  }
  return active_;
}

}  // namespace lamina::server
