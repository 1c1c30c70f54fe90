// Scratch: memory for the length of one call of a layer.
#ifndef LAMINA_EXTENSION_BRIDGE_SCRATCH_H_
#define LAMINA_EXTENSION_BRIDGE_SCRATCH_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

namespace lamina::bridge {

/// Costs nothing until it is asked for memory. The thread that ends the call keeps the blocks for its next one, 64 MiB
/// of them at the most. Allocate may be called by any thread; the object belongs to one call.
class Scratch {
 public:
  Scratch() = default;
  ~Scratch() {
    if (!blocks_.empty()) Keep();
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  /// Memory of 64-byte alignment; null if there is none.
  void* Allocate(size_t bytes) noexcept;
  /// The same for `count` elements, for the bridge's own needs. Throws std::bad_alloc.
  template <class T>
  T* Array(size_t count) {
    return static_cast<T*>(AllocateOrThrow(count * sizeof(T)));
  }
  /// The same bytes, aligned: where they are if they are so already. Throws std::bad_alloc.
  const void* Aligned(const void* data, size_t bytes, size_t alignment);

 private:
  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };
  struct Block {
    std::unique_ptr<std::byte, Free> memory;
    size_t size = 0;
  };

  void Keep() noexcept;
  void* AllocateOrThrow(size_t bytes);
  static Block Take(size_t bytes);
  static thread_local std::vector<Block> kept_;

  std::mutex mutex_;
  std::vector<Block> blocks_;
  size_t used_ = 0;  // of the last block
};

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_SCRATCH_H_
