#include "server/api/bytes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <utility>
#include <vector>

namespace lamina::server {
namespace {

TEST(BytesTest, EverySizeIsAlignedAndAllOfItsOwn) {
  std::vector<Bytes> all;
  for (size_t size = 1; size < 300; ++size) {
    Bytes& bytes = all.emplace_back(size);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes.data()) % Bytes::kAlignment, 0u) << size;
    std::memset(bytes.data(), static_cast<int>(size % 251), size);
  }
  for (const Bytes& bytes : all) {
    EXPECT_EQ(bytes.text(), std::string(bytes.size(), static_cast<char>(bytes.size() % 251))) << bytes.size();
  }
}

TEST(BytesTest, WhatIsMovedLeavesNothing) {
  Bytes from(std::string_view("some text"));
  Bytes to(std::move(from));
  EXPECT_EQ(to.text(), "some text");
  EXPECT_EQ(from.size(), 0u);
  EXPECT_EQ(from.data(), nullptr);
  from = std::move(to);
  EXPECT_EQ(from.text(), "some text");
  EXPECT_EQ(to.data(), nullptr);
}

TEST(BytesTest, NoneIsNoMemory) { EXPECT_EQ(Bytes(size_t{0}).data(), nullptr); }

}  // namespace
}  // namespace lamina::server
