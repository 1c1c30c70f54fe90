#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

TEST(LinearRegressor, SumsAtEverySize) {
  for (const size_t targets : {1, 2, 16, 17}) {
    for (const size_t features : kSizes) {
      const size_t rows = 5;
      const auto w = Floats(targets * features, -1, 1, 2), b = Floats(targets, -1, 1, 3), x = Floats(rows * features);
      std::vector<float> y;
      for (size_t r = 0; r < rows; ++r) {
        for (size_t t = 0; t < targets; ++t) {
          double sum = b[t];
          for (size_t k = 0; k < features; ++k) sum += double{x[r * features + k]} * w[t * features + k];
          y.push_back(static_cast<float>(sum));
        }
      }
      const AttributeSet attributes = std::move(AttributeSet()
                                                    .Floats("coefficients", w)
                                                    .Floats("intercepts", b)
                                                    .Int("targets", static_cast<int64_t>(targets)));
      EXPECT_EQ(
          "", CheckEverywhere("LinearRegressor", attributes, {Rows(rows, features, x)}, {Rows(rows, targets, y)}, 1e-5))
          << targets << " targets, " << features << " features";
    }
  }
}

TEST(LinearRegressor, TransformsSeveralTargetsButOneOnlyByProbit) {
  const auto check = [](const char* transform, std::vector<float> w, std::vector<float> y) {
    const auto targets = static_cast<int64_t>(y.size());
    const AttributeSet attributes = std::move(AttributeSet()
                                                  .Floats("coefficients", std::move(w))
                                                  .Int("targets", targets)
                                                  .String("post_transform", transform));
    EXPECT_EQ("", CheckEverywhere("LinearRegressor", attributes, {Rows<float>(1, 2, {0.05f, 0.1f})},
                                  {Rows(1, y.size(), y)}, 2e-6))
        << transform;
  };
  check("LOGISTIC", {1, 2, 3, 4}, {0.56217647f, 0.6341356f});
  check("SOFTMAX", {1, 2, 3, 4}, {0.42555746f, 0.5744425f});
  check("LOGISTIC", {1, 2}, {0.25f});
  check("SOFTMAX", {1, 2}, {0.25f});
  check("PROBIT", {1, 7}, {0.6745743f});
}

TEST(LinearRegressor, IgnoresInterceptsThatDoNotFit) {
  const AttributeSet attributes = std::move(AttributeSet().Floats("coefficients", {1, 2}).Floats("intercepts", {5, 6}));
  EXPECT_EQ("", CheckEverywhere("LinearRegressor", attributes, {Rows<float>(1, 2, {1, 1})}, {Rows<float>(1, 1, {3})}));
}

TEST(LinearRegressor, RefusesWhatDoesNotFit) {
  const AttributeSet none = std::move(AttributeSet().Floats("coefficients", {1, 2}).Int("targets", 0));
  EXPECT_FAILS("targets is 0", "LinearRegressor", none, {Rows<float>(1, 2, {1, 2})});
  const AttributeSet three = std::move(AttributeSet().Floats("coefficients", {1, 2}).Int("targets", 3));
  EXPECT_FAILS("2 coefficients for 3 targets", "LinearRegressor", three, {Rows<float>(1, 2, {1, 2})});
}

}  // namespace
}  // namespace lamina::layers
