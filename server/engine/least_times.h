#ifndef LAMINA_SERVER_ENGINE_LEAST_TIMES_H_
#define LAMINA_SERVER_ENGINE_LEAST_TIMES_H_

#include <algorithm>
#include <chrono>

namespace lamina::server {

/// How long a model's inferences take on a thread at best. A model is loaded while others are, which have the cores
/// most of the time: a clock alone would take any model for a slow one. Used by one thread.
class LeastTimes {
 public:
  /// The time of one inference, from here to Add().
  class One {
   public:
    One();

   private:
    friend class LeastTimes;
    std::chrono::steady_clock::time_point began_;
    std::chrono::nanoseconds cpu_, waited_;
  };

  void Add(const One& one);

  /// The thread's CPU time. What waits takes none, and threads of the engine's may take some, too.
  std::chrono::nanoseconds cpu() const { return cpu_; }
  /// Time as a clock shows it, but for that in which the thread waited for a core. Where the engine binds threads to
  /// cores, the wait for that is in it.
  std::chrono::nanoseconds own() const { return own_; }

 private:
  std::chrono::nanoseconds cpu_ = std::chrono::nanoseconds::max(), own_ = cpu_;
};

/// How often a model is run to see how long it takes: the first run prepares, and of the others there are as many as a
/// quick model has time for, since on a busy machine most of them are held up.
class TrialRuns {
 public:
  explicit TrialRuns(std::chrono::nanoseconds enough) : end_(std::chrono::steady_clock::now() + enough) {}

  /// Whether there is to be one more.
  bool Next() {
    const int run = done_++;
    return run < kLeast || (run < kMost && std::chrono::steady_clock::now() < end_);
  }

 private:
  static constexpr int kLeast = 3, kMost = 20;

  std::chrono::steady_clock::time_point end_;
  int done_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_LEAST_TIMES_H_
