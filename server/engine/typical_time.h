#ifndef LAMINA_SERVER_ENGINE_TYPICAL_TIME_H_
#define LAMINA_SERVER_ENGINE_TYPICAL_TIME_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace lamina::server {

/// How long a model's inferences take lately, in ns of wall-clock time. Thread-safe; of two threads that add at once
/// one may be lost, as it is an estimate.
class TypicalTime {
 public:
  /// 0: not known yet.
  int64_t ns() const { return ns_.load(std::memory_order_relaxed); }

  /// Says what it is now, by a better measure than a clock. One that is added at the same time may get in between.
  void Set(int64_t ns) {
    ns_.store(ns, std::memory_order_relaxed);
    count_.store(kFirst, std::memory_order_relaxed);
  }

  void Add(int64_t ns) {
    const int64_t typical = this->ns();
    const int count = count_.load(std::memory_order_relaxed);
    if (count < kFirst) {
      // The very first includes what the engine puts off until then; of the others the least, as nothing makes a model
      // faster than it is.
      if (count > 0) ns_.store(count == 1 ? ns : std::min(ns, typical), std::memory_order_relaxed);
      count_.store(count + 1, std::memory_order_relaxed);
      return;
    }
    // Steps up that are three times those down end at the time that three of four inferences stay below. By how much
    // one takes longer does not matter: a thread that has lost its CPU for a while says nothing about the model.
    ns_.store(ns > typical ? typical + typical / 4 + 1 : typical - typical / 12, std::memory_order_relaxed);
  }

 private:
  static constexpr int kFirst = 10;  // inferences that say what a model takes at its best

  std::atomic<int64_t> ns_ = 0;
  std::atomic<int> count_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_TYPICAL_TIME_H_
