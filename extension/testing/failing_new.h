// Operator new that fails when a test wants it to. To be included by one file of a test program.
#ifndef LAMINA_EXTENSION_TESTING_FAILING_NEW_H_
#define LAMINA_EXTENSION_TESTING_FAILING_NEW_H_

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>

namespace lamina::testing {

inline constexpr size_t kAll = std::numeric_limits<size_t>::max();

/// Of this thread: how many succeed from now on.
inline thread_local size_t allocations_left = kAll;

inline void* AllocateIfAny(size_t bytes) {
  if (allocations_left == 0) return nullptr;
  if (allocations_left != kAll) --allocations_left;
  return std::malloc(bytes == 0 ? 1 : bytes);
}

}  // namespace lamina::testing

// Inlined, the compiler would see malloc meet delete.
[[gnu::noinline]] void* operator new(size_t bytes) {
  void* memory = lamina::testing::AllocateIfAny(bytes);
  if (!memory) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  return lamina::testing::AllocateIfAny(bytes);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

#endif  // LAMINA_EXTENSION_TESTING_FAILING_NEW_H_
