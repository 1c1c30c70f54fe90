// Memory for what is walked at random: in huge pages where there are any, so that the CPU need not look up a page a
// step.
#ifndef LAMINA_EXTENSION_FOREST_HUGE_PAGES_H_
#define LAMINA_EXTENSION_FOREST_HUGE_PAGES_H_

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstddef>
#include <new>

namespace lamina::forest {

/// An allocator. Memory begins at a cache line; much of it at a huge page, which the kernel is then asked for.
template <class T>
struct HugePages {
  using value_type = T;
  static constexpr size_t kPage = size_t{1} << 21, kLine = 64;

  HugePages() = default;
  template <class U>
  HugePages(const HugePages<U>&) {}  // NOLINT(google-explicit-constructor): as the standard has it

  static std::align_val_t Alignment(size_t n) { return std::align_val_t{n * sizeof(T) >= kPage ? kPage : kLine}; }

  T* allocate(size_t n) {
    void* memory = ::operator new(n * sizeof(T), Alignment(n));
#if defined(MADV_HUGEPAGE)
    if (n * sizeof(T) >= kPage)
      madvise(memory, n * sizeof(T) / kPage * kPage, MADV_HUGEPAGE);  // if it can't be, it's slower
#endif
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t n) { ::operator delete(memory, Alignment(n)); }

  friend bool operator==(const HugePages&, const HugePages&) { return true; }
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_HUGE_PAGES_H_
