#include "server/engine/heap_trim.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <memory>
#include <openvino/openvino.hpp>
#include <thread>
#include <vector>

namespace lamina::server {
namespace {

TEST(HeapTrimTest, TheEngineCallsOursWhichDoesNothing) {
  void* const engine = dlopen("libopenvino.so.2641", RTLD_NOLOAD | RTLD_LAZY);
  EXPECT_NE(engine, nullptr) << ov::get_openvino_version();
  Dl_info found{}, ours{};
  ASSERT_NE(dladdr(dlsym(RTLD_DEFAULT, "malloc_trim"), &found), 0);
  ASSERT_NE(dladdr(reinterpret_cast<void*>(&malloc_trim), &ours), 0);
  EXPECT_STREQ(found.dli_fname, ours.dli_fname) << "libraries look there first";
  EXPECT_EQ(malloc_trim(0), 0);
  if (engine != nullptr) dlclose(engine);
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
