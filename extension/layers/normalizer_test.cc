#include <cmath>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

std::vector<float> Normalized(const std::string& norm, const std::vector<float>& x, size_t features) {
  std::vector<float> y;
  for (size_t r = 0; r < x.size(); r += features) {
    double z = norm == "MAX" ? -1e30 : 0;
    for (size_t i = r; i < r + features; ++i) {
      if (norm == "MAX") z = std::max<double>(z, x[i]);
      if (norm == "L1") z += std::abs(x[i]);
      if (norm == "L2") z += double{x[i]} * x[i];
    }
    if (norm == "L2") z = std::sqrt(z);
    for (size_t i = r; i < r + features; ++i) y.push_back(static_cast<float>(z == 0 ? x[i] : x[i] / z));
  }
  return y;
}

TEST(Normalizer, DividesByEachNormAtEverySize) {
  for (const char* norm : {"MAX", "L1", "L2"}) {
    const AttributeSet attributes = std::move(AttributeSet().String("norm", norm));
    for (const size_t features : kSizes) {
      auto x = Floats(6 * features);
      for (size_t i = 0; i < features; ++i) x[i] = 0;                                  // norm 0
      for (size_t i = features; i < 2 * features; ++i) x[i] = -std::abs(x[i]) - 0.1f;  // all negative
      EXPECT_EQ("", CheckEverywhere("Normalizer", attributes, {Rows(6, features, x)},
                                    {Rows(6, features, Normalized(norm, x, features))}, 1e-6, 1e-5))
          << norm << ", " << features << " features";
    }
  }
}

TEST(Normalizer, TakesEveryTypeAndOneRow) {
  const AttributeSet attributes = std::move(AttributeSet().String("norm", "L1"));
  EXPECT_EQ("", CheckEverywhere("Normalizer", attributes, {Value::Of<float>({2}, {-1, 3})},
                                {Value::Of<float>({2}, {-0.25f, 0.75f})}));
  EXPECT_EQ("", CheckEverywhere("Normalizer", attributes, {Rows<int64_t>(1, 2, {-1, 3})},
                                {Rows<float>(1, 2, {-0.25f, 0.75f})}));
  EXPECT_EQ("", CheckEverywhere("Normalizer", attributes, {Rows<int32_t>(1, 2, {-1, 3})},
                                {Rows<float>(1, 2, {-0.25f, 0.75f})}));
  EXPECT_EQ("", CheckEverywhere("Normalizer", attributes, {Rows<double>(1, 2, {-1, 3})},
                                {Rows<float>(1, 2, {-0.25f, 0.75f})}));
  EXPECT_EQ("", CheckEverywhere("Normalizer", attributes, {Rows<float>(0, 2, {})}, {Rows<float>(0, 2, {})}));
}

TEST(Normalizer, HasNaNAndInfinitiesAsOnnxruntime) {
  const float inf = INFINITY, nan = NAN;
  const Value x = Rows<float>(2, 2, {nan, 1, inf, 1});
  EXPECT_EQ("", CheckEverywhere("Normalizer", std::move(AttributeSet().String("norm", "MAX")), {x},
                                {Rows<float>(2, 2, {nan, 1, nan, 0})}));
  EXPECT_EQ("", CheckEverywhere("Normalizer", std::move(AttributeSet().String("norm", "L1")), {x},
                                {Rows<float>(2, 2, {nan, nan, nan, 0})}));
  EXPECT_EQ("", CheckEverywhere("Normalizer", std::move(AttributeSet().String("norm", "L2")), {x},
                                {Rows<float>(2, 2, {nan, nan, nan, 0})}));
}

TEST(Normalizer, RefusesWhatDoesNotFit) {
  const AttributeSet other = std::move(AttributeSet().String("norm", "L3")), none;
  EXPECT_FAILS("norm is 'L3', expected MAX, L1 or L2", "Normalizer", other, {Rows<float>(1, 1, {1})});
  EXPECT_FAILS("the input has 3 dimensions", "Normalizer", none, {Value::Of<float>({1, 1, 1}, {1})});
}

}  // namespace
}  // namespace lamina::layers
