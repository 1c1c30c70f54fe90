#ifndef LAMINA_SERVER_THREADS_TIMER_TICKET_H_
#define LAMINA_SERVER_THREADS_TIMER_TICKET_H_

#include <chrono>
#include <compare>
#include <cstdint>

namespace lamina::server {

/// Names one call to come of a timer, in their order. The one that is made by default names none.
struct TimerTicket {
  std::chrono::steady_clock::time_point when;
  uint64_t sequence = 0;
  friend auto operator<=>(const TimerTicket&, const TimerTicket&) = default;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_TIMER_TICKET_H_
