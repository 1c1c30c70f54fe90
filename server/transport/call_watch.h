#ifndef LAMINA_SERVER_TRANSPORT_CALL_WATCH_H_
#define LAMINA_SERVER_TRANSPORT_CALL_WATCH_H_

#include <chrono>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// A thread that looks at others (WatchedThread::Look) at intervals, while there is something to look at. Thread-safe.
class CallWatch {
 public:
  /// `look` looks at all of them; false: there has been nothing since the last look.
  CallWatch(absl::AnyInvocable<bool()> look, std::chrono::milliseconds interval);
  ~CallWatch() { Stop(); }
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;

  void Start();
  /// There is something to look at.
  void Begin();
  /// Waits for the look that is under way, the last one.
  void Stop();

 private:
  void Run();

  absl::AnyInvocable<bool()> look_;
  const std::chrono::milliseconds interval_;

  Mutex mutex_;
  Condition begun_, stopped_;
  bool looking_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_CALL_WATCH_H_
