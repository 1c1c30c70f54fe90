#include "server/transport/testing/allocation_limit.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

std::atomic<size_t> limit = SIZE_MAX;

}  // namespace

void* operator new(size_t size) {
  void* memory = size < limit.load(std::memory_order_relaxed) ? std::malloc(size > 0 ? size : 1) : nullptr;
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace lamina::server {

AllocationLimit::AllocationLimit(size_t bytes) { limit = bytes; }
AllocationLimit::~AllocationLimit() { limit = SIZE_MAX; }

}  // namespace lamina::server
