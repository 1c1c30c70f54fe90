#ifndef LAMINA_SERVER_THREADS_FILE_WATCH_H_
#define LAMINA_SERVER_THREADS_FILE_WATCH_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "server/threads/mutex.h"

namespace lamina::server {

/// Looks at small files every so often, on a thread of its own, and says when what they hold has changed. What changes
/// is told when it looks the same twice: files that belong together are seldom replaced at once. Thread-safe.
class FileWatch {
 public:
  explicit FileWatch(std::chrono::steady_clock::duration interval) : interval_(interval) {}
  /// A call that runs is waited for.
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  /// Has no thread, and looks at nothing, before this. An interval of zero or less: nor after it. To be called once.
  void Start();

  /// Calls `changed`, on its own thread, when any of them is not as it was when this was called, or has changed since.
  void Add(std::vector<std::string> files, std::function<void()> changed);

  /// One look at all of them, as the thread has every interval.
  void Look();

 private:
  struct Watched {
    std::vector<std::string> files;
    std::function<void()> changed;
    size_t told = 0;  // what they held when that was last told, as a hash
    size_t seen = 0;  // and when they were last looked at
  };

  void Run();

  const std::chrono::steady_clock::duration interval_;
  Mutex mutex_;
  Condition stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Watched> watched_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_THREADS_FILE_WATCH_H_
