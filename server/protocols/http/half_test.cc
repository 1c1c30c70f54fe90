#include "server/protocols/http/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lamina::server {
namespace {

TEST(HalfTest, EveryHalfComesBack) {
  for (uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const float half = HalfToFloat(static_cast<uint16_t>(bits));
    const float bfloat = BFloat16ToFloat(static_cast<uint16_t>(bits));
    if (std::isnan(half)) {
      EXPECT_TRUE(std::isnan(HalfToFloat(FloatToHalf(half))));
    } else {
      ASSERT_EQ(FloatToHalf(half), bits);
    }
    if (std::isnan(bfloat)) {
      EXPECT_TRUE(std::isnan(BFloat16ToFloat(FloatToBFloat16(bfloat))));
    } else {
      ASSERT_EQ(FloatToBFloat16(bfloat), bits);
    }
  }
}

TEST(HalfTest, RoundsToNearestTiesToEven) {
  // Between two neighbours: below the middle, in it, above it.
  for (uint32_t bits = 0; bits < 0x7BFF; ++bits) {
    const float low = HalfToFloat(static_cast<uint16_t>(bits));
    const float high = HalfToFloat(static_cast<uint16_t>(bits + 1));
    const float middle = low + (high - low) / 2;
    ASSERT_EQ(FloatToHalf(std::nextafter(middle, low)), bits);
    ASSERT_EQ(FloatToHalf(middle), bits % 2 == 0 ? bits : bits + 1);
    ASSERT_EQ(FloatToHalf(std::nextafter(middle, high)), bits + 1);
  }
  EXPECT_EQ(FloatToBFloat16(1 + 0x1p-8f), 0x3F80);
  EXPECT_EQ(FloatToBFloat16(1 + 0x1.8p-7f), 0x3F82);
}

TEST(HalfTest, KnownValues) {
  EXPECT_EQ(FloatToHalf(1), 0x3C00);
  EXPECT_EQ(FloatToHalf(-2), 0xC000);
  EXPECT_EQ(FloatToHalf(65504), 0x7BFF);
  EXPECT_EQ(FloatToHalf(65519), 0x7BFF);
  EXPECT_EQ(FloatToHalf(65520), 0x7C00);
  EXPECT_EQ(FloatToHalf(std::numeric_limits<float>::infinity()), 0x7C00);
  EXPECT_EQ(FloatToHalf(-0.0f), 0x8000);
  EXPECT_EQ(HalfToFloat(0x0001), 0x1p-24f);
  EXPECT_EQ(FloatToBFloat16(1), 0x3F80);
  EXPECT_EQ(FloatToBFloat16(std::numeric_limits<float>::max()), 0x7F80);
}

}  // namespace
}  // namespace lamina::server
