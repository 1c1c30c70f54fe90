#ifndef LAMINA_SERVER_THREADS_SCHEDULED_TIME_H_
#define LAMINA_SERVER_THREADS_SCHEDULED_TIME_H_

#include <sys/types.h>

#include <chrono>
#include <optional>

namespace lamina::server {

/// What a thread has had of the system's cores since it began.
struct ScheduledTime {
  std::chrono::nanoseconds ran{};
  std::chrono::nanoseconds waited{};  // ready to run, while others had the cores
};

/// Of a thread of this process. Nothing where the system does not say: it takes a kernel with CONFIG_SCHED_INFO, as
/// distributions build it, and /proc. Source: Documentation/scheduler/sched-stats.rst of Linux.
std::optional<ScheduledTime> ScheduledTimeOf(pid_t thread);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_SCHEDULED_TIME_H_
