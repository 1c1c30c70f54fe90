#include "server/api/derived_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace lamina::server {
namespace {

using ::testing::HasSubstr;

std::string Refusal(DerivedMemory& memory, size_t bytes) {
  const absl::Status status = memory.Take(bytes);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  return std::string(status.message());
}

TEST(DerivedMemoryTest, AllRequestsTogetherHaveALimit) {
  const size_t half = DerivedMemory::MostOfAll() / 2;
  DerivedMemory one;
  EXPECT_TRUE(one.Take(half).ok());
  {
    DerivedMemory another;
    EXPECT_TRUE(another.Take(half).ok());
    EXPECT_THAT(Refusal(one, 100'000), HasSubstr("ask again later"));
    EXPECT_EQ(one.size(), half) << "what is refused is not taken";
    DerivedMemory small;
    EXPECT_TRUE(small.Take(1000).ok()) << "is not worth counting";
  }
  EXPECT_TRUE(one.Take(100'000).ok()) << "what was taken is given back";
}

TEST(DerivedMemoryTest, ARequestThatNeverFitsIsToldSo) {
  DerivedMemory memory;
  EXPECT_THAT(Refusal(memory, DerivedMemory::MostOfAll() + 1), HasSubstr("send less at a time"));
  EXPECT_TRUE(memory.Take(1).ok());
  EXPECT_THAT(Refusal(memory, SIZE_MAX), HasSubstr("send less at a time"));
}

TEST(DerivedMemoryTest, MovesWithItsOwner) {
  const size_t most = DerivedMemory::MostOfAll();
  DerivedMemory to;
  {
    DerivedMemory from;
    ASSERT_TRUE(from.Take(most).ok());
    to = std::move(from);
  }
  DerivedMemory other;
  EXPECT_THAT(Refusal(other, 100'000), HasSubstr("ask again later"));
}

}  // namespace
}  // namespace lamina::server
