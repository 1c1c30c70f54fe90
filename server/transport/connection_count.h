#ifndef LAMINA_SERVER_TRANSPORT_CONNECTION_COUNT_H_
#define LAMINA_SERVER_TRANSPORT_CONNECTION_COUNT_H_

#include <chrono>

#include "server/threads/mutex.h"

namespace lamina::server {

/// How many connections are open, of how many that may be. Thread-safe.
class ConnectionCount {
 public:
  explicit ConnectionCount(int limit) : limit_(limit) {}

  /// False: there are as many as may be, and this one is not counted.
  bool TryAdd() {
    MutexLock lock(mutex_);
    if (count_ >= limit_) return false;
    ++count_;
    return true;
  }

  void Remove() {
    MutexLock lock(mutex_);
    if (--count_ == 0) none_left_.NotifyAll();
  }

  /// Waits until there are none, or until `when`; returns whether there are none.
  bool WaitForNone(std::chrono::steady_clock::time_point when) {
    MutexLock lock(mutex_);
    while (count_ > 0 && std::chrono::steady_clock::now() < when) none_left_.WaitUntil(mutex_, when);
    return count_ == 0;
  }

 private:
  const int limit_;
  Mutex mutex_;
  Condition none_left_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_CONNECTION_COUNT_H_
