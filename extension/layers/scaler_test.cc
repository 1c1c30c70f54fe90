#include <limits>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

template <class T>
std::vector<float> Scaled(const std::vector<T>& x, const std::vector<float>& offset, const std::vector<float>& scale) {
  using Wide = std::conditional_t<std::is_same_v<T, double>, double, float>;
  std::vector<float> y(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    y[i] = static_cast<float>((static_cast<Wide>(x[i]) - offset[i % offset.size()]) * scale[i % scale.size()]);
  }
  return y;
}

TEST(Scaler, ScalesEachFeatureAtEverySize) {
  for (const size_t features : kSizes) {
    const auto offset = Floats(features, -1, 1, 2), scale = Floats(features, 0, 2, 3);
    const AttributeSet attributes = std::move(AttributeSet().Floats("offset", offset).Floats("scale", scale));
    for (const size_t rows : {0, 1, 2, 5, 37}) {
      const auto x = Floats(rows * features);
      EXPECT_EQ("", CheckEverywhere("Scaler", attributes, {Rows(rows, features, x)},
                                    {Rows(rows, features, Scaled(x, offset, scale))}))
          << rows << " x " << features;
    }
  }
}

TEST(Scaler, TakesEveryType) {
  const std::vector<float> offset = {0.1f, -3}, scale = {3, 0.7f};
  const AttributeSet attributes = std::move(AttributeSet().Floats("offset", offset).Floats("scale", scale));
  const auto check = [&]<class T>(const std::vector<T>& x) {
    EXPECT_EQ("", CheckEverywhere("Scaler", attributes, {Rows(x.size() / 2, 2, x)},
                                  {Rows(x.size() / 2, 2, Scaled(x, offset, scale))}));
  };
  check(std::vector<double>{0.1, 1e-30, 16777217.0, -1});
  check(std::vector<int64_t>{1, -2, int64_t{1} << 40, 7});
  check(std::vector<int32_t>{1, -2, 1 << 30, 7});
}

TEST(Scaler, OneValueServesAllFeatures) {
  const auto x = Floats(30);
  const AttributeSet attributes = std::move(AttributeSet().Floats("offset", {0.5f}).Floats("scale", {2}));
  EXPECT_EQ("", CheckEverywhere("Scaler", attributes, {Rows(10, 3, x)}, {Rows(10, 3, Scaled(x, {0.5f}, {2}))}));
  const AttributeSet scale_alone = std::move(AttributeSet().Floats("scale", {2, 3, 4}));
  EXPECT_EQ("", CheckEverywhere("Scaler", scale_alone, {Rows(10, 3, x)}, {Rows(10, 3, Scaled(x, {0}, {2, 3, 4}))}));
}

TEST(Scaler, KeepsNaNAndInfinities) {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const AttributeSet attributes = std::move(AttributeSet().Floats("offset", {1}).Floats("scale", {-2}));
  EXPECT_EQ("", CheckEverywhere("Scaler", attributes, {Rows<float>(1, 3, {inf, nan, -inf})},
                                {Rows<float>(1, 3, {-inf, nan, inf})}));
}

TEST(Scaler, RefusesWhatDoesNotFit) {
  const AttributeSet three = std::move(AttributeSet().Floats("offset", {1, 2, 3}).Floats("scale", {1, 2, 3}));
  EXPECT_FAILS("the input has 2 features, offset and scale are for 3", "Scaler", three, {Rows<float>(1, 2, {1, 2})});
  EXPECT_FAILS("single number", "Scaler", three, {Value::Of<float>({}, {1})});
  EXPECT_FAILS("is string, expected f32 or f64 or i32 or i64", "Scaler", three, {Value::Strings({1, 1}, {"a"})});
  const AttributeSet uneven = std::move(AttributeSet().Floats("offset", {1, 2, 3}).Floats("scale", {1, 2}));
  EXPECT_FAILS("3 offsets and 2 scales", "Scaler", uneven, {Rows<float>(1, 3, {1, 2, 3})});
}

}  // namespace
}  // namespace lamina::layers
