#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_GROWN_MEMORY_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_GROWN_MEMORY_H_

#include <atomic>
#include <cstddef>

namespace lamina::server {

/// What one request takes for tensors with left-out elements, given back when this ends. Messages of a few bytes must
/// not be able to take all memory, neither one nor many at a time. Used by one thread at a time.
class GrownMemory {
 public:
  static constexpr size_t kMostOfOne = size_t{1} << 28;
  static constexpr size_t kMostOfAll = size_t{1} << 30;

  GrownMemory() = default;
  ~GrownMemory() { of_all_.fetch_sub(size_, std::memory_order_relaxed); }
  GrownMemory(const GrownMemory&) = delete;
  GrownMemory& operator=(const GrownMemory&) = delete;

  /// Whether one request may take so much more.
  bool MayTake(size_t count, size_t element_size) const { return count <= (kMostOfOne - size_) / element_size; }

  /// False: all requests together have taken too much. REQUIRES: MayTake(bytes, 1).
  bool TryTake(size_t bytes) {
    if (of_all_.fetch_add(bytes, std::memory_order_relaxed) + bytes > kMostOfAll) {
      of_all_.fetch_sub(bytes, std::memory_order_relaxed);
      return false;
    }
    size_ += bytes;
    return true;
  }

 private:
  inline static std::atomic<size_t> of_all_ = 0;
  size_t size_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_GROWN_MEMORY_H_
