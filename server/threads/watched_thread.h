#ifndef LAMINA_SERVER_THREADS_WATCHED_THREAD_H_
#define LAMINA_SERVER_THREADS_WATCHED_THREAD_H_

#include <atomic>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// A thread that many wait for and that makes calls which should be short. Another thread looks at it at intervals; if
/// a call lasts, it has a third one take the thread's place, and the thread must touch nothing that it had any more:
///
///   WatchedThread::Here here(watched);
///   ...
///   {
///     WatchedThread::Call call(late);     // as deep as may be, by who does not know who waits
///     RunTheModel();
///   }
///   if (WatchedThread::ThisIsReplaced()) return;
///
/// Go's runtime takes the work from threads in system calls in this way (sysmon).
class WatchedThread {
 public:
  /// `begun` is called when a call begins and none has since the last look: from now on there is something to look at.
  explicit WatchedThread(absl::AnyInvocable<void()> begun) : begun_call_(std::move(begun)) {}
  WatchedThread(const WatchedThread&) = delete;
  WatchedThread& operator=(const WatchedThread&) = delete;

  /// Makes it this thread's, for a scope.
  class Here {
   public:
    explicit Here(WatchedThread& watched) { current = &watched; }
    ~Here() { current = nullptr; }
    Here(const Here&) = delete;
    Here& operator=(const Here&) = delete;
  };

  /// A call that should be short, of this thread. Nothing on a thread that nobody watches, or that is replaced.
  class Call {
   public:
    /// `late` is one more while the thread of the call is replaced and the call lasts.
    explicit Call(std::atomic<int>& late);
    ~Call() { End(); }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// Says that it is over; true if it was late.
    bool End();

   private:
    WatchedThread* thread_;
    bool was_late_ = false;
  };

  /// Whether another thread has taken this one's place.
  static bool ThisIsReplaced() { return current != nullptr && current->replaced_; }

  /// Of the thread that watches: whether there was a call since the last look. From the third look on that sees the
  /// same call `replace` is asked to put another thread in its place, and false if it cannot. Meanwhile the call does
  /// not end.
  bool Look(absl::FunctionRef<bool()> replace);

 private:
  static inline thread_local WatchedThread* current = nullptr;

  absl::AnyInvocable<void()> begun_call_;
  bool replaced_ = false;  // the thread's; written under the lock, within a call

  Mutex mutex_;
  std::atomic<int>* late_ ABSL_GUARDED_BY(mutex_) = nullptr;  // of the call that lasts
  bool begun_ ABSL_GUARDED_BY(mutex_) = false;                // since the last look
  int sightings_ ABSL_GUARDED_BY(mutex_) = 0;                 // of the call that lasts
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_WATCHED_THREAD_H_
