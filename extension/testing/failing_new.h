// Operator new that fails when a test wants it to. To be included by one file of a test program.
#ifndef LAMINA_EXTENSION_TESTING_FAILING_NEW_H_
#define LAMINA_EXTENSION_TESTING_FAILING_NEW_H_

#include <cstddef>
#include <cstdlib>
#include <new>

namespace lamina::testing {

/// Of this thread.
inline thread_local bool new_fails = false;

}  // namespace lamina::testing

// Inlined, the compiler would see malloc meet delete.
[[gnu::noinline]] void* operator new(size_t bytes) {
  void* memory = lamina::testing::new_fails ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
  if (!memory) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  return lamina::testing::new_fails ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

#endif  // LAMINA_EXTENSION_TESTING_FAILING_NEW_H_
