#include "server/engine/heap_trim.h"

#include <dlfcn.h>
#include <malloc.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <new>

// In place of the C library's, for all libraries of the process: a program's symbols come before theirs.
extern "C" [[gnu::visibility("default")]] int malloc_trim(size_t) noexcept { return 0; }

namespace lamina::server {
namespace {

constexpr std::chrono::milliseconds kSoon{500};

std::atomic<bool> planned = false;

/// Planned until it is gone: begun, or dropped with its timer.
struct Plan {
  Plan() = default;
  ~Plan() { planned = false; }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
};

void TrimHeap() {
  static const auto trim = reinterpret_cast<int (*)(size_t)>(dlsym(RTLD_NEXT, "malloc_trim"));
  if (trim != nullptr) trim(0);
}

}  // namespace

void TrimHeapSoon(Timer& timer) {
  if (planned.exchange(true)) return;
  try {
    timer.At(Timer::Clock::now() + kSoon, [plan = std::make_unique<Plan>()]() mutable {
      plan.reset();  // what is freed from now on needs another one
      TrimHeap();
    });
  } catch (const std::bad_alloc&) {
    planned = false;  // who asks next has another chance
  }
}

}  // namespace lamina::server
