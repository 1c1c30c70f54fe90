#include <cmath>
#include <limits>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

template <class T>
std::vector<T> Imputed(std::vector<T> x, T replaced, const std::vector<T>& values) {
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] == replaced || (x[i] != x[i] && replaced != replaced)) x[i] = values[i % values.size()];
  }
  return x;
}

TEST(Imputer, ReplacesNaNAndNumbersAtEverySize) {
  for (const float replaced : {kNaN, -1.0f, 0.0f}) {
    for (const size_t features : kSizes) {
      const auto values = Floats(features, 5, 6);
      const AttributeSet attributes =
          std::move(AttributeSet().Floats("imputed_value_floats", values).Float("replaced_value_float", replaced));
      auto x = Floats(11 * features);
      for (size_t i = 0; i < x.size(); i += 3) x[i] = i % 2 ? kNaN : -1;
      EXPECT_EQ("", CheckEverywhere("Imputer", attributes, {Rows(11, features, x)},
                                    {Rows(11, features, Imputed(x, replaced, values))}))
          << features << " features, " << replaced;
    }
  }
}

TEST(Imputer, TakesEveryType) {
  const AttributeSet floats =
      std::move(AttributeSet().Floats("imputed_value_floats", {7, 8}).Float("replaced_value_float", kNaN));
  EXPECT_EQ("", CheckEverywhere("Imputer", floats, {Rows<double>(2, 2, {1e-300, kNaN, kNaN, 0.1})},
                                {Rows<double>(2, 2, {1e-300, 8, 7, 0.1})}));
  const AttributeSet ints =
      std::move(AttributeSet().Ints("imputed_value_int64s", {7, -8}).Int("replaced_value_int64", 3));
  EXPECT_EQ("", CheckEverywhere("Imputer", ints, {Rows<int64_t>(2, 2, {3, 3, (int64_t{1} << 40) + 3, 0})},
                                {Rows<int64_t>(2, 2, {7, -8, (int64_t{1} << 40) + 3, 0})}));
  EXPECT_EQ("", CheckEverywhere("Imputer", ints, {Rows<int32_t>(1, 2, {3, 3})}, {Rows<int32_t>(1, 2, {7, -8})}));
}

TEST(Imputer, OneValueServesAllFeatures) {
  const AttributeSet attributes = std::move(AttributeSet().Floats("imputed_value_floats", {9}));
  EXPECT_EQ("", CheckEverywhere("Imputer", attributes, {Value::Of<float>({4}, {0, 1, -0.0f, 2})},
                                {Value::Of<float>({4}, {9, 1, 9, 2})}));
}

TEST(Imputer, RefusesWhatDoesNotFit) {
  const AttributeSet three = std::move(AttributeSet().Floats("imputed_value_floats", {1, 2, 3}));
  EXPECT_FAILS("the input has 2 features, there are 3 values to impute", "Imputer", three, {Rows<float>(1, 2, {1, 2})});
  EXPECT_FAILS("the input is i64, the values to impute are floats", "Imputer", three, {Rows<int64_t>(1, 3, {1, 2, 3})});
  const AttributeSet none, wide = std::move(AttributeSet().Ints("imputed_value_int64s", {int64_t{1} << 40}));
  EXPECT_FAILS("expected values for one of them", "Imputer", none, {Rows<float>(1, 1, {1})});
  EXPECT_FAILS("can't hold the imputed value 1099511627776", "Imputer", wide, {Rows<int32_t>(1, 1, {1})});
}

}  // namespace
}  // namespace lamina::layers
