#ifndef LAMINA_SERVER_MODELS_CHANGE_QUEUE_H_
#define LAMINA_SERVER_MODELS_CHANGE_QUEUE_H_

#include <chrono>
#include <deque>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "server/api/repository.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// Makes changes one at a time, in the order in which they came, on a thread of its own, which does a chore between
/// them. Thread-safe.
class ChangeQueue {
 public:
  using Change = absl::AnyInvocable<absl::Status()>;

  /// The chore is done at every interval, unless that is 0 or less, and when Nudge asks for it.
  ChangeQueue(absl::AnyInvocable<void()> chore, std::chrono::steady_clock::duration interval);
  ~ChangeQueue() { Stop(); }
  ChangeQueue(const ChangeQueue&) = delete;
  ChangeQueue& operator=(const ChangeQueue&) = delete;

  /// Calls `done` with what `change` returns. Too many that wait: RESOURCE_EXHAUSTED, at once.
  void Add(Change change, ChangeDone done);

  /// Has the chore done soon. Does nothing when the queue is stopped.
  void Nudge();

  /// Waits for the change that runs. Those that wait, and that come, are answered with UNAVAILABLE. Not from a change.
  void Stop();

 private:
  struct Waiting {
    Change change;
    ChangeDone done;
  };

  void Run();

  absl::AnyInvocable<void()> chore_;  // the thread's own
  const std::chrono::steady_clock::duration interval_;
  Mutex mutex_;
  Condition changed_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  bool nudged_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_CHANGE_QUEUE_H_
