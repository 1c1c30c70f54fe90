#include "server/transport/timer_queue.h"

#include <algorithm>
#include <utility>

namespace lamina::server {

TimerQueue::Ticket TimerQueue::At(Clock::time_point when, absl::AnyInvocable<void()> call) {
  const Ticket ticket{when, ++sequence_};
  calls_.emplace(ticket, std::move(call));
  return ticket;
}

void TimerQueue::RunDue(Clock::time_point now) {
  // What a call adds waits for the next turn, or one that adds itself again would never let this end.
  const uint64_t newest = sequence_;
  for (auto next = calls_.begin(); next != calls_.end() && next->first.when <= now; next = calls_.begin()) {
    while (next != calls_.end() && next->first.when <= now && next->first.sequence > newest) ++next;
    if (next == calls_.end() || next->first.when > now) return;
    auto due = calls_.extract(next);
    due.mapped()();
  }
}

int TimerQueue::MillisecondsToNext(Clock::time_point now) const {
  if (calls_.empty()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(calls_.begin()->first.when - now);
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 60'000));
}

}  // namespace lamina::server
