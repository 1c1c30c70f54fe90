#include <limits>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

TEST(Binarizer, ComparesAtEverySize) {
  const AttributeSet attributes = std::move(AttributeSet().Float("threshold", 0.25f));
  for (const size_t n : kSizes) {
    auto x = Floats(n);
    x[n / 2] = 0.25f;
    std::vector<float> y;
    for (const float value : x) y.push_back(value > 0.25f ? 1 : 0);
    EXPECT_EQ("", CheckEverywhere("Binarizer", attributes, {Rows(1, n, x)}, {Rows(1, n, y)})) << n;
  }
}

TEST(Binarizer, TakesEveryTypeAndNaN) {
  const AttributeSet attributes = std::move(AttributeSet().Float("threshold", 16777216.0f));
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ("", CheckEverywhere("Binarizer", attributes, {Rows<float>(1, 3, {inf, nan, -inf})},
                                {Rows<float>(1, 3, {1, 0, 0})}));
  EXPECT_EQ("", CheckEverywhere("Binarizer", attributes, {Rows<int64_t>(1, 2, {16777216, 16777217})},
                                {Rows<int64_t>(1, 2, {0, 1})}));
  EXPECT_EQ("", CheckEverywhere("Binarizer", attributes, {Rows<int32_t>(1, 2, {16777216, 16777217})},
                                {Rows<int32_t>(1, 2, {0, 1})}));
  EXPECT_EQ("", CheckEverywhere("Binarizer", attributes, {Rows<double>(1, 2, {16777216, 16777216.5})},
                                {Rows<double>(1, 2, {0, 1})}));
}

TEST(Binarizer, TakesAnEmptyTensor) {
  EXPECT_EQ("", CheckEverywhere("Binarizer", AttributeSet(), {Rows<float>(0, 3, {})}, {Rows<float>(0, 3, {})}));
}

}  // namespace
}  // namespace lamina::layers
