#include "extension/bridge/scratch.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "extension/testing/failing_new.h"

namespace lamina::bridge {
namespace {

TEST(ScratchTest, AlignedAndApart) {
  Scratch scratch;
  std::vector<std::pair<uint8_t*, size_t>> blocks;
  for (const size_t bytes : {1, 64, 65, 0, 100'000, 3, 70'000}) {
    auto* memory = static_cast<uint8_t*>(scratch.Allocate(bytes));
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 64, 0);
    std::memset(memory, int(blocks.size()), bytes);
    blocks.push_back({memory, bytes});
  }
  for (size_t i = 0; i < blocks.size(); ++i) {
    for (size_t k = 0; k < blocks[i].second; ++k) ASSERT_EQ(blocks[i].first[k], i);
  }
}

TEST(ScratchTest, CopiesWhatIsNotAligned) {
  alignas(8) const char bytes[] = "0123456789abcdef";
  Scratch scratch;
  EXPECT_EQ(scratch.Aligned(bytes, 8, 8), bytes);
  EXPECT_EQ(scratch.Aligned(bytes + 4, 8, 4), bytes + 4);
  EXPECT_EQ(scratch.Aligned(bytes + 3, 0, 8), bytes + 3) << "nobody reads it";
  const void* copy = scratch.Aligned(bytes + 3, 8, 4);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(copy) % 64, 0u);
  EXPECT_EQ(std::memcmp(copy, "3456789a", 8), 0);
}

TEST(ScratchTest, TheNextCallOfTheThreadGetsTheSameMemory) {
  const auto use = [] {
    Scratch scratch;
    return scratch.Allocate(size_t{1} << 20);
  };
  EXPECT_EQ(use(), use());
}

TEST(ScratchTest, WhatCannotBeHadIsNull) {
  Scratch scratch;
  EXPECT_EQ(scratch.Allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(scratch.Allocate(SIZE_MAX / 4), nullptr);
  EXPECT_NE(scratch.Allocate(8), nullptr);
}

TEST(ScratchTest, IsFreedWhereThereIsNoMemoryToKeepIt) {
  std::jthread([] {  // of which nothing is kept yet
    {
      Scratch scratch;
      EXPECT_NE(scratch.Allocate(size_t{1} << 20), nullptr);
      lamina::testing::allocations_left = 0;
    }
    lamina::testing::allocations_left = lamina::testing::kAll;
  }).join();
}

TEST(ScratchTest, ManyThreadsOfOneCall) {
  Scratch scratch;
  {
    std::vector<std::jthread> threads;
    for (uint8_t t = 0; t < 4; ++t) {
      threads.emplace_back([&scratch, t] {
        for (int i = 0; i < 500; ++i) {
          auto* memory = static_cast<uint8_t*>(scratch.Allocate(1000));
          std::memset(memory, t, 1000);
          for (int k = 0; k < 1000; ++k) ASSERT_EQ(memory[k], t);
        }
      });
    }
  }
}

}  // namespace
}  // namespace lamina::bridge
