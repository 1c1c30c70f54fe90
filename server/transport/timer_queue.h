#ifndef LAMINA_SERVER_TRANSPORT_TIMER_QUEUE_H_
#define LAMINA_SERVER_TRANSPORT_TIMER_QUEUE_H_

#include <chrono>
#include <cstdint>
#include <map>

#include "absl/functional/any_invocable.h"
#include "server/threads/timer_ticket.h"

namespace lamina::server {

/// Calls to come, in order of time: the timers of one event loop. Used by that loop's thread alone.
class TimerQueue {
 public:
  using Clock = std::chrono::steady_clock;
  using Ticket = TimerTicket;

  Ticket At(Clock::time_point when, absl::AnyInvocable<void()> call);

  /// Drops a call to come. Does nothing when it has been made.
  void Cancel(const Ticket& ticket) { calls_.erase(ticket); }

  /// Makes the calls that are due. They may add and cancel others.
  void RunDue(Clock::time_point now);

  /// Milliseconds until the next call, rounded up; -1: there is none.
  int MillisecondsToNext(Clock::time_point now) const;

 private:
  std::map<Ticket, absl::AnyInvocable<void()>> calls_;
  uint64_t sequence_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TIMER_QUEUE_H_
