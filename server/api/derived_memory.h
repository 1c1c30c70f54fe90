#ifndef LAMINA_SERVER_API_DERIVED_MEMORY_H_
#define LAMINA_SERVER_API_DERIVED_MEMORY_H_

#include <cstddef>
#include <utility>

#include "absl/status/status.h"

namespace lamina::server {

/// What one request takes besides its message, as what is read out of it may be many times its size: views of strings,
/// numbers out of text and varints, the engine's copies. Given back when this ends. Used by one thread at a time.
class DerivedMemory {
 public:
  DerivedMemory() = default;
  ~DerivedMemory();
  DerivedMemory(DerivedMemory&& other) noexcept
      : size_(std::exchange(other.size_, 0)), counted_(std::exchange(other.counted_, 0)) {}
  DerivedMemory& operator=(DerivedMemory&& other) noexcept {
    DerivedMemory before = std::move(*this);  // given back at once
    size_ = std::exchange(other.size_, 0);
    counted_ = std::exchange(other.counted_, 0);
    return *this;
  }

  /// To be called before so much is allocated. RESOURCE_EXHAUSTED: all requests together would have too much.
  absl::Status Take(size_t bytes);

  size_t size() const { return size_; }

  /// For all requests together: a quarter of the machine's memory, 2 GiB at most.
  static size_t MostOfAll();

 private:
  size_t size_ = 0;
  size_t counted_ = 0;  // of that, in the sum of all
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_DERIVED_MEMORY_H_
