#include "server/transport/compression.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/transport/testing/inflated.h"

namespace lamina::server {
namespace {

std::vector<Bytes> Parts(const std::string& a, const std::string& b) {
  std::vector<Bytes> parts;
  parts.emplace_back(a);
  parts.emplace_back(b);
  return parts;
}

TEST(CompressionTest, ThereAndBack) {
  const std::string zeros(300'000, '\0');
  for (const Coding coding : {Coding::kGzip, Coding::kDeflate}) {
    const Bytes small = Compress(coding, Parts("head", zeros));
    EXPECT_LT(small.size(), 10'000u);
    const auto back = Inflated(coding, small.text(), 1 << 20);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->text(), "head" + zeros);
    EXPECT_EQ(Inflated(coding, small.text(), 300'004)->size(), 300'004u) << "just as much as may be";
  }
}

TEST(CompressionTest, NamesAreTheSameInAnyCase) {
  EXPECT_EQ(ParseCoding("GZIP"), Coding::kGzip);
  EXPECT_EQ(ParseCoding("Deflate"), Coding::kDeflate);
  EXPECT_EQ(ParseCoding("br"), std::nullopt);
}

TEST(CompressionTest, ABombIsStoppedAtTheLimit) {
  const Bytes bomb = Compress(Coding::kGzip, Parts("", std::string(50'000'000, 'x')));
  EXPECT_LT(bomb.size(), 1'000'000u);
  const auto status = Inflated(Coding::kGzip, bomb.text(), 1'000'000).status();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
}

TEST(CompressionTest, DamagedBytesAreAnError) {
  const Bytes good = Compress(Coding::kGzip, Parts("some text", "that goes on"));
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_TRUE(absl::IsInvalidArgument(Inflated(Coding::kGzip, good.text().substr(0, size), 1000).status())) << size;
  }
  const Bytes other(std::string_view("this is not compressed at all"));
  EXPECT_TRUE(absl::IsInvalidArgument(Inflated(Coding::kDeflate, other.text(), 1000).status()));
}

TEST(CompressionTest, Names) {
  EXPECT_EQ(ParseCoding(""), Coding::kIdentity);
  EXPECT_EQ(ParseCoding("gzip"), Coding::kGzip);
  EXPECT_EQ(ParseCoding("br"), std::nullopt);
}

}  // namespace
}  // namespace lamina::server
