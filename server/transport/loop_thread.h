#ifndef LAMINA_SERVER_TRANSPORT_LOOP_THREAD_H_
#define LAMINA_SERVER_TRANSPORT_LOOP_THREAD_H_

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/threads/mutex.h"
#include "server/threads/scheduled_time.h"
#include "server/threads/timer.h"
#include "server/threads/watched_thread.h"
#include "server/transport/busy_polling.h"
#include "server/transport/event_loop.h"
#include "server/transport/file_descriptor.h"
#include "server/transport/loop_threads.h"
#include "server/transport/thread_governor.h"

namespace lamina::server {

/// The loops that one thread runs, and the thread. The first one governs. If an inference lasts, another thread goes on
/// with them: what is "the thread's" is the one's that was started last.
class LoopThreads::Thread {
 public:
  static absl::StatusOr<std::unique_ptr<Thread>> Make(LoopThreads& owner);

  void Start();
  /// Waits for the thread, and for all that were replaced. REQUIRES: nobody calls Look() any more.
  void Join();

  /// From any thread: gives it a loop, which nobody runs now.
  void Take(size_t loop);
  /// From any thread: has it look at what it is to run.
  void Wake();
  /// From the thread that watches: see WatchedThread::Look(). Returns the same.
  bool Look();

 private:
  using Clock = EventLoop::Clock;

  /// A thread of the system's: a Timer of its own, which makes one call after the other.
  using SystemThread = std::unique_ptr<Timer>;
  struct Running {
    std::shared_ptr<WatchedThread> watched;
    std::shared_ptr<std::atomic<bool>> ended = std::make_shared<std::atomic<bool>>(false);
    SystemThread thread;
  };

  Thread(LoopThreads& owner, FileDescriptor epoll, FileDescriptor wake)
      : owner_(owner), epoll_(std::move(epoll)), wake_(std::move(wake)) {
    // All that there may ever be: a thread that finds no memory for them would end the process.
    for (std::vector<size_t>* list : {&loops_, &ready_, &arrived_, &leaving_, &arriving_})
      list->reserve(owner_.loops_.size());
  }

  bool leads() const { return owner_.threads_.front().get() == this; }
  EventLoop& loop(size_t index) const { return *owner_.loops_[index]; }

  Running Begin();
  bool Replace();
  void Run();
  void Turn();
  /// Until there is something to do: `ready_` says for which loops. Returns whether there is something for Deal().
  bool Wait();
  void FinishReady();
  int MillisecondsToNext(Clock::time_point now) const;
  /// Takes the loops that have come, and hands on those that another thread is to run.
  void Deal();
  void Leave(size_t loop);
  void Govern();

  LoopThreads& owner_;
  const FileDescriptor epoll_;  // holds those of the loops, and `wake_`
  const FileDescriptor wake_;   // an eventfd
  std::atomic<pid_t> id_ = 0;   // 0: it has not begun

  // Whoever starts threads: first the owner, then who watches.
  Running running_;
  std::vector<Running> replaced_;
  /// Those that have ended, for the next time. The engine keeps something for each thread that it has seen, and threads
  /// that come and go while models are unloaded are what it is least used to.
  std::vector<SystemThread> spare_;

  // The thread's.
  std::vector<size_t> loops_;
  std::vector<size_t> ready_;              // of them, what is not finished in this turn
  std::vector<size_t> arrived_, leaving_;  // Deal's, for their memory

  // The first thread's.
  BusyPolling polling_{owner_.busy_poll_};
  struct Seen {
    pid_t thread = 0;
    ScheduledTime time;
  };
  ThreadGovernor governor_{static_cast<int>(owner_.loops_.size())};
  Clock::time_point period_began_ = Clock::now();
  std::vector<Seen> seen_{owner_.loops_.size()};  // of all threads, then

  Mutex mutex_;
  std::vector<size_t> arriving_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_LOOP_THREAD_H_
