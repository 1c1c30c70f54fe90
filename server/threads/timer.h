#ifndef LAMINA_SERVER_THREADS_TIMER_H_
#define LAMINA_SERVER_THREADS_TIMER_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "server/threads/mutex.h"
#include "server/threads/timer_ticket.h"

namespace lamina::server {

/// Calls functions at given times, one after the other, on one thread of its own. Thread-safe.
class Timer {
 public:
  using Clock = std::chrono::steady_clock;
  using Ticket = TimerTicket;

  Timer();
  /// Calls that are still to come are dropped; one that runs is waited for.
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// `call` has to be short: it holds up all the others.
  Ticket At(Clock::time_point when, absl::AnyInvocable<void()> call);

  /// Drops a call to come. Does nothing when it has begun; does not wait for it.
  void Cancel(const Ticket& ticket);

 private:
  void Run();

  Mutex mutex_;
  Condition changed_;
  std::map<Ticket, absl::AnyInvocable<void()>> calls_ ABSL_GUARDED_BY(mutex_);
  uint64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_TIMER_H_
