#include "server/engine/heap_trim.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

namespace lamina::server {
namespace {

TEST(HeapTrimTest, LibrariesFindOursWhichDoesNothing) {
  EXPECT_EQ(dlsym(RTLD_DEFAULT, "malloc_trim"), reinterpret_cast<void*>(&malloc_trim));
  EXPECT_NE(dlsym(RTLD_NEXT, "malloc_trim"), nullptr) << "the C library's is behind it";
  EXPECT_EQ(malloc_trim(0), 0);
}

// Sanitizers have heaps of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

constexpr size_t kBlock = 4000, kBlocks = 20'000;

size_t ResidentBytes() {
  size_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

/// Frees 80 MB below a block that stays, so that the heap cannot shrink by itself.
std::unique_ptr<std::byte[]> LeaveFreeMemory() {
  std::vector<std::unique_ptr<std::byte[]>> blocks;
  for (size_t i = 0; i < kBlocks; ++i) blocks.push_back(std::make_unique<std::byte[]>(kBlock));
  return std::move(blocks.back());
}

bool FallsBelow(size_t bytes) {
  for (int i = 0; i < 1000 && ResidentBytes() >= bytes; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return ResidentBytes() < bytes;
}

TEST(HeapTrimTest, FreeMemoryGoesBackSoon) {
  Timer timer;
  for (int i = 0; i < 2; ++i) {
    const auto last = LeaveFreeMemory();
    const size_t before = ResidentBytes();
    malloc_trim(0);
    EXPECT_GT(ResidentBytes(), before - kBlock * kBlocks / 2);
    TrimHeapSoon(timer);
    TrimHeapSoon(timer);
    EXPECT_TRUE(FallsBelow(before - kBlock * kBlocks / 2)) << ResidentBytes() << " of " << before;
  }
}

TEST(HeapTrimTest, ATimerThatEndsTakesNoOtherItsTurn) {
  {
    Timer ends;
    TrimHeapSoon(ends);
  }
  Timer timer;
  const auto last = LeaveFreeMemory();
  const size_t before = ResidentBytes();
  { const TrimsHeapAtEnd at_end(timer); }
  EXPECT_TRUE(FallsBelow(before - kBlock * kBlocks / 2)) << ResidentBytes() << " of " << before;
}

#endif

}  // namespace
}  // namespace lamina::server
