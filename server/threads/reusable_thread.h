#ifndef LAMINA_SERVER_THREADS_REUSABLE_THREAD_H_
#define LAMINA_SERVER_THREADS_REUSABLE_THREAD_H_

#include <thread>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// A thread that does one job after the other, as it is given them. Used by one thread.
class ReusableThread {
 public:
  ReusableThread() : thread_([this] { Run(); }) {}
  /// Waits for the job.
  ~ReusableThread() {
    {
      MutexLock lock(mutex_);
      ending_ = true;
      changed_.NotifyOne();
    }
    thread_.join();
  }
  ReusableThread(const ReusableThread&) = delete;
  ReusableThread& operator=(const ReusableThread&) = delete;

  /// REQUIRES: it has done what it was given before, or is about to return from it.
  void Give(absl::AnyInvocable<void()> job) {
    MutexLock lock(mutex_);
    job_ = std::move(job);
    changed_.NotifyOne();
  }

 private:
  void Run() {
    mutex_.Lock();
    for (;;) {
      if (job_) {
        absl::AnyInvocable<void()> job = std::exchange(job_, nullptr);
        mutex_.Unlock();
        job();
        job = nullptr;
        mutex_.Lock();
      } else if (ending_) {
        break;
      } else {
        changed_.Wait(mutex_);
      }
    }
    mutex_.Unlock();
  }

  Mutex mutex_;
  Condition changed_;
  absl::AnyInvocable<void()> job_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_REUSABLE_THREAD_H_
