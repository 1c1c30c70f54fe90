#include <cmath>
#include <limits>

#include "extension/layers/float16.h"
#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

AttributeSet To(int64_t type) { return std::move(AttributeSet().Int("to", type)); }
constexpr int64_t kF32 = 1, kU8 = 2, kI32 = 6, kI64 = 7, kString = 8, kBool = 9, kF16 = 10, kF64 = 11, kU64 = 13,
                  kBF16 = 16;
constexpr int64_t kWide = (int64_t{1} << 40) + 7;

TEST(Cast, KeepsSixtyFourBits) {
  EXPECT_EQ("", CheckEverywhere("Cast", To(kF64), {Value::Of<int64_t>({2}, {kWide, -1})},
                                {Value::Of<double>({2}, {double(kWide), -1})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kI64), {Value::Of<double>({2}, {double(kWide), -1.9})},
                                {Value::Of<int64_t>({2}, {kWide, -1})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kI32), {Value::Of<int64_t>({2}, {kWide, -1})},
                                {Value::Of<int32_t>({2}, {7, -1})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kI64), {Value::Of<uint32_t>({1}, {4000000000u})},
                                {Value::Of<int64_t>({1}, {4000000000})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kU64), {Value::Of<int64_t>({1}, {-1})},
                                {Value::Of<uint64_t>({1}, {~uint64_t{0}})}));
}

TEST(Cast, CutsFloatingPointToWhatFits) {
  const float inf = INFINITY;
  EXPECT_EQ("", CheckEverywhere("Cast", To(kI32), {Value::Of<float>({5}, {1e20f, -inf, NAN, -1.7f, 2147483520.0f})},
                                {Value::Of<int32_t>({5}, {INT32_MAX, INT32_MIN, 0, -1, 2147483520})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kU8), {Value::Of<double>({3}, {255.9, -3, 256})},
                                {Value::Of<uint8_t>({3}, {255, 0, 255})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kBool), {Value::Of<float>({3}, {0.5f, 0, NAN})},
                                {Value::Of<bool>({3}, {true, false, true})}));
  EXPECT_EQ("",
            CheckEverywhere("Cast", To(kF32), {Value::Of<bool>({2}, {true, false})}, {Value::Of<float>({2}, {1, 0})}));
}

TEST(Cast, WritesAndReadsText) {
  EXPECT_EQ(
      "",
      CheckEverywhere(
          "Cast", To(kString), {Value::Of<float>({8}, {1.5f, .1f, 1e20f, NAN, -INFINITY, 123456789.0f, 1e-5f, 1e7f})},
          {Value::Strings({8}, {"1.5", "0.1", "1e+20", "NaN", "-INF", "1.2345679e+08", "9.9999997e-06", "10000000"})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kString), {Value::Of<int64_t>({2}, {kWide, -3})},
                                {Value::Strings({2}, {"1099511627783", "-3"})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kString), {Value::Of<bool>({2}, {true, false})},
                                {Value::Strings({2}, {"1", "0"})}));
  EXPECT_EQ("",
            CheckEverywhere("Cast", To(kF32), {Value::Strings({6}, {"nan", "-INF", "+inf", "1e50", " 2.5 ", "-1e-60"})},
                            {Value::Of<float>({6}, {NAN, -INFINITY, INFINITY, INFINITY, 2.5f, -0.0f})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kI64), {Value::Strings({3}, {"1099511627783", "1.5", "-7"})},
                                {Value::Of<int64_t>({3}, {kWide, 1, -7})}));
  EXPECT_EQ(
      "", CheckEverywhere("Cast", To(kBool), {Value::Strings({2}, {"1", "0"})}, {Value::Of<bool>({2}, {true, false})}));
  for (const char* text : {"", "abc", "1x", "0x10", "--1", " "})
    EXPECT_FAILS("is not a number", "Cast", To(kF32), {Value::Strings({1}, {text})});
}

TEST(Cast, HalfFloatsRoundToNearest) {
  for (uint32_t bits = 0; bits < 65536; bits += 7) {
    const Float16 half{static_cast<uint16_t>(bits)};
    if (std::isnan(ToFloat(half))) continue;
    EXPECT_EQ(bits, ToFloat16(ToFloat(half)).bits);
  }
  EXPECT_EQ(0x3C00, ToFloat16(1 + 1.0f / 4096).bits);  // below half a step
  EXPECT_EQ(0x3C00, ToFloat16(1 + 1.0f / 2048).bits);  // half a step: to even
  EXPECT_EQ(0x3C02, ToFloat16(1 + 3.0f / 2048).bits);  // half a step: to even
  EXPECT_EQ(0x7C00, ToFloat16(65520).bits);
  EXPECT_EQ(0x7BFF, ToFloat16(65519).bits);
  EXPECT_EQ(0x0001, ToFloat16(5.9e-8f).bits);
  EXPECT_EQ("", CheckEverywhere("Cast", To(kF16), {Value::Of<float>({2}, {1, -2})},
                                {Value::Of<Float16>({2}, {Float16{0x3C00}, Float16{0xC000}})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kBF16), {Value::Of<float>({2}, {1, 1.00390625f})},
                                {Value::Of<BFloat16>({2}, {BFloat16{0x3F80}, BFloat16{0x3F80}})}));
  EXPECT_EQ("", CheckEverywhere("Cast", To(kF32), {Value::Of<Float16>({1}, {Float16{0x3555}})},
                                {Value::Of<float>({1}, {0.33325195f})}));
}

TEST(Cast, RefusesOtherTypes) { EXPECT_FAILS("to is 14", "Cast", To(14), {Value::Of<float>({1}, {1})}); }

}  // namespace
}  // namespace lamina::layers
