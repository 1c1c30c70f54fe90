#ifndef LAMINA_SERVER_TRANSPORT_LOOP_THREADS_H_
#define LAMINA_SERVER_TRANSPORT_LOOP_THREADS_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/threads/timer.h"
#include "server/transport/event_loop.h"

namespace lamina::server {

/// Runs event loops, on as many threads as there are loops or on fewer, while fewer serve better (ThreadGovernor). A
/// loop is on one thread at a time and changes it between two turns; from a thread whose inference lasts, in the turn.
/// Used by one thread.
class LoopThreads {
 public:
  /// A thread polls for up to `busy_poll` before it sleeps, where that is worth it (BusyPolling). The governor decides
  /// at the end of every `period`.
  static absl::StatusOr<std::unique_ptr<LoopThreads>> Start(
      std::vector<std::shared_ptr<EventLoop>> loops, std::chrono::microseconds busy_poll,
      std::chrono::milliseconds period = std::chrono::milliseconds(50));
  /// Waits until the loops have ended; see EventLoop::Stop().
  ~LoopThreads();

  /// From any thread: has so many of them run the loops until the governor decides otherwise.
  void SetActive(int active);

 private:
  class Thread;

  /// From any thread: looks at the threads' calls soon, and as long as there are some.
  void WatchCalls() noexcept;
  void Look();

  LoopThreads(std::vector<std::shared_ptr<EventLoop>> loops, std::chrono::microseconds busy_poll,
              std::chrono::milliseconds period);

  int active() const { return active_.load(std::memory_order_relaxed); }
  /// The thread that is to run this loop.
  Thread& ThreadOf(size_t loop) const;
  void WakeAll() const;

  const std::vector<std::shared_ptr<EventLoop>> loops_;
  const std::chrono::milliseconds period_;
  const bool governed_;                           // the system says what there is to decide by
  const std::chrono::microseconds busy_poll_;     // 0: nobody polls
  std::atomic<int> active_;                       // of the threads: the first ones
  std::atomic<size_t> left_ = 0;                  // loops that have not ended
  std::vector<std::unique_ptr<Thread>> threads_;  // constant while they run
  std::atomic<bool> looks_soon_ = true;           // not before all have begun
  Timer watch_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_LOOP_THREADS_H_
