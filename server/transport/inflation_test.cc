#include "server/transport/inflation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "server/transport/testing/bomb.h"
#include "server/transport/testing/inflated.h"

namespace lamina::server {
namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

std::shared_ptr<MemoryBudget> Budget(size_t megabytes) { return std::make_shared<MemoryBudget>(megabytes * kMegabyte); }

std::unique_ptr<Inflation> Begin(std::string_view bytes, size_t limit, const std::shared_ptr<MemoryBudget>& memory) {
  return std::make_unique<Inflation>(Coding::kGzip, ReceivedBytes{Bytes(bytes), {}}, limit, memory);
}

TEST(InflationTest, WhatItHoldsIsCountedAsItGrows) {
  const auto memory = Budget(1000);
  auto inflation = Begin(Bomb(33), 32 * kMegabyte, memory);
  int slices = 0;
  for (;; ++slices) {
    const auto plain = inflation->Continue();
    if (!plain.ok()) {
      EXPECT_TRUE(absl::IsResourceExhausted(plain.status())) << plain.status();
      break;
    }
    ASSERT_FALSE(*plain);
    EXPECT_GE(memory->used(), static_cast<size_t>(slices) * Inflation::kSliceBytes);
    EXPECT_LE(memory->used(), std::max(4 * static_cast<size_t>(slices), size_t{2}) * Inflation::kSliceBytes);
  }
  EXPECT_GE(slices, 32 * 4) << "no slice is larger than it should be";
  inflation.reset();
  EXPECT_EQ(memory->used(), 0u);
}

TEST(InflationTest, ThePlainMessageKeepsItsShare) {
  std::vector<Bytes> parts;
  parts.emplace_back(std::string(3'000'000, 'x'));
  const Bytes compressed = Compress(Coding::kGzip, parts);
  const auto memory = Budget(1000);
  auto inflation = Begin(compressed.text(), 4 * kMegabyte, memory);
  std::optional<ReceivedBytes> message;
  while (!message) message = *inflation->Continue();
  inflation.reset();
  EXPECT_TRUE(message->bytes.text() == std::string(3'000'000, 'x'));
  EXPECT_GE(memory->used(), 3'000'000u);
  EXPECT_LE(memory->used(), 4 * kMegabyte);
  message.reset();
  EXPECT_EQ(memory->used(), 0u);
}

TEST(InflationTest, MembersOfGzipAreReadOneBehindTheOther) {
  const std::string text(500'000, 'x');
  std::vector<Bytes> parts;
  parts.emplace_back(std::string_view(text));
  std::string twice(Compress(Coding::kGzip, parts).text());
  twice += twice;
  const auto plain = Inflated(Coding::kGzip, twice, kMegabyte);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_TRUE(plain->text() == text + text);
}

TEST(InflationTest, WhatLiesBehindTheEndIsNotPassedOver) {
  std::vector<Bytes> parts;
  parts.emplace_back(std::string_view("all of it"));
  const auto deflated =
      Inflated(Coding::kDeflate, std::string(Compress(Coding::kDeflate, parts).text()) + "more", kMegabyte);
  EXPECT_THAT(deflated.status().message(), ::testing::HasSubstr(" 4 lie behind their end"));
  const auto gzip = Inflated(Coding::kGzip, std::string(Compress(Coding::kGzip, parts).text()) + "more", kMegabyte);
  EXPECT_THAT(gzip.status().message(), ::testing::HasSubstr("damaged or cut off"));
}

// Each of them alone would fit.
TEST(InflationTest, ManyBombsStayWithinTheBudgetButForOne) {
  constexpr size_t kLimit = 32 * kMegabyte, kMemory = 40 * kMegabyte;
  const auto memory = Budget(40);
  const std::string bomb = Bomb(33);
  std::vector<std::unique_ptr<Inflation>> bombs;
  for (int i = 0; i < 20; ++i) bombs.push_back(Begin(bomb, kLimit, memory));
  size_t most = 0;
  int waits = 0;
  for (int rounds = 0; !bombs.empty() && rounds < 100'000; ++rounds) {
    std::erase_if(bombs, [](const auto& inflation) { return !inflation->Continue().ok(); });
    for (const auto& inflation : bombs) waits += inflation->waits();
    most = std::max(most, memory->used());
  }
  EXPECT_TRUE(bombs.empty()) << "they wait for each other";
  EXPECT_GT(waits, 0);
  EXPECT_LE(most, kMemory + 2 * kLimit);
}

TEST(InflationTest, LittleMessagesPassWhenMemoryIsSpent) {
  std::vector<Bytes> parts;
  parts.emplace_back(std::string_view("little"));
  const auto memory = Budget(1);
  MemoryLease all(memory);
  all.Resize(kMegabyte);
  const auto plain = Begin(Compress(Coding::kGzip, parts).text(), kMegabyte, memory)->Continue();
  ASSERT_TRUE(plain.ok() && *plain) << plain.status();
  EXPECT_EQ((*plain)->bytes.text(), "little");
}

// Blocks of nothing: 5 bytes each.
TEST(InflationTest, BytesThatMakeNothingGoBySlicesToo) {
  std::string bytes = Bomb(1).substr(0, 10);  // gzip's head
  for (size_t i = 0; i < 10 * Inflation::kSliceBytes; i += 5) bytes.append("\0\0\0\xFF\xFF", 5);
  const auto memory = Budget(1000);
  auto inflation = Begin(bytes, kMegabyte, memory);
  int slices = 0;
  absl::Status status;
  for (; status.ok(); ++slices) status = inflation->Continue().status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << "it never ends: " << status;
  EXPECT_GE(slices, 10);
}

}  // namespace
}  // namespace lamina::server
