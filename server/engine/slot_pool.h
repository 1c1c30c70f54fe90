#ifndef LAMINA_SERVER_ENGINE_SLOT_POOL_H_
#define LAMINA_SERVER_ENGINE_SLOT_POOL_H_

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/threads/mutex.h"
#include "server/threads/timer.h"

namespace lamina::server {

/// The inferences that a model can run at the same time, numbered from 0, and the bounded queue of those who wait for
/// one. First come, first served. Thread-safe; `timer` outlives the pool.
class SlotPool {
 public:
  using Clock = std::chrono::steady_clock;
  /// Called once, with a slot that is then to be given back, or with the reason why there is none.
  using Ready = absl::AnyInvocable<void(absl::StatusOr<size_t>)>;

  struct Options {
    /// Names the pool in messages: "model 'm' version 3".
    std::string owner;
    size_t slots = 1;
    size_t queue_size = 1000;  // waiters; one more is refused
    Clock::duration queue_timeout = std::chrono::seconds(5);
  };

  SlotPool(Options options, Timer& timer);
  /// REQUIRES: every slot is given back, and nobody waits.
  ~SlotPool() = default;

  /// Calls `ready` on this thread when a slot is free or the queue is full; otherwise later, on the thread that gives a
  /// slot back, or stops the request, or on the timer's.
  void Acquire(Clock::time_point deadline, std::stop_token cancelled, Ready ready);

  /// A free slot, if there is one; never waits and never overtakes.
  std::optional<size_t> TryAcquire();

  /// How many inferences run and wait now.
  struct Use {
    size_t running = 0;
    size_t waiting = 0;
  };
  Use use() const;

  /// Gives a slot back: to the first who waits, whose `ready` runs on this thread.
  void Release(size_t slot);

 private:
  struct Waiter;
  struct Queue {
    Mutex mutex;
    std::vector<size_t> free ABSL_GUARDED_BY(mutex);
    std::list<std::shared_ptr<Waiter>> waiting ABSL_GUARDED_BY(mutex);
  };

  /// Takes a waiter out of the queue, if it is still there, and tells it why.
  static void Drop(const std::weak_ptr<Queue>& queue, const std::weak_ptr<Waiter>& waiter, absl::Status reason);

  /// Makes sure that a waiter is told in time. It may have been told already.
  static void Watch(const std::shared_ptr<Queue>& queue, const std::shared_ptr<Waiter>& waiter, Clock::time_point until,
                    absl::Status late, std::stop_token cancelled);

  absl::Status DeadlinePassed() const;
  absl::Status TurnDidNotCome() const;

  const Options options_;
  Timer& timer_;
  const std::shared_ptr<Queue> queue_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_SLOT_POOL_H_
