#include <algorithm>
#include <cmath>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

std::vector<float> Scores(const std::vector<float>& x, size_t rows, const std::vector<float>& w,
                          const std::vector<float>& b) {
  const size_t classes = b.size(), features = w.size() / classes;
  std::vector<float> y;
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < classes; ++c) {
      double sum = b[c];
      for (size_t k = 0; k < features; ++k) sum += double{x[r * features + k]} * w[c * features + k];
      y.push_back(static_cast<float>(sum));
    }
  }
  return y;
}

std::vector<int64_t> Highest(const std::vector<float>& scores, size_t classes) {
  std::vector<int64_t> best;
  for (size_t r = 0; r < scores.size(); r += classes) {
    best.push_back(std::max_element(scores.begin() + r, scores.begin() + r + classes) - (scores.begin() + r));
  }
  return best;
}

Value Labels(const std::vector<int64_t>& labels) {
  return Value::Of<int64_t>({static_cast<int64_t>(labels.size())}, labels);
}

TEST(LinearClassifier, ScoresAtEverySize) {
  for (const size_t classes : {2, 3, 15, 16, 17, 33}) {
    for (const size_t features : kSizes) {
      const size_t rows = 9;
      const auto w = Floats(classes * features, -1, 1, 2), b = Floats(classes, -1, 1, 3), x = Floats(rows * features);
      std::vector<int64_t> labels(classes), expected;
      for (size_t i = 0; i < classes; ++i) labels[i] = 100 - static_cast<int64_t>(i);
      const auto scores = Scores(x, rows, w, b);
      for (const int64_t place : Highest(scores, classes)) expected.push_back(labels[place]);
      const AttributeSet attributes =
          std::move(AttributeSet().Floats("coefficients", w).Floats("intercepts", b).Ints("classlabels_ints", labels));
      EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Rows(rows, features, x)},
                                    {Labels(expected), Rows(rows, classes, scores)}, 1e-5))
          << classes << " classes, " << features << " features";
    }
  }
}

TEST(LinearClassifier, OneScoreForTwoLabels) {
  const std::vector<float> x = {0.05f, 0.1f, -0.4f, 0.05f};
  const auto check = [&](const char* transform, std::vector<float> scores) {
    const AttributeSet attributes = std::move(AttributeSet()
                                                  .Floats("coefficients", {1, 2})
                                                  .Floats("intercepts", {0.5f})
                                                  .Strings("classlabels_strings", {"no", "yes"})
                                                  .String("post_transform", transform));
    EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Rows(2, 2, x)},
                                  {Value::Strings({2}, {"yes", "yes"}), Rows(2, 2, scores)}, 1e-6))
        << transform;
  };
  check("NONE", {0.25f, 0.75f, 0.8f, 0.2f});
  check("SOFTMAX", {0.25f, 0.75f, 0.8f, 0.2f});
  check("LOGISTIC", {0.3208213f, 0.6791787f, 0.450166f, 0.549834f});
}

TEST(LinearClassifier, TransformsScores) {
  const auto check = [&](const char* transform, std::vector<float> scores) {
    const AttributeSet attributes = std::move(AttributeSet()
                                                  .Floats("coefficients", {1, 2, 3, 4, 5, 6})
                                                  .Floats("intercepts", {0.5f, 0.1f, 0})
                                                  .Ints("classlabels_ints", {7, 8, 9})
                                                  .String("post_transform", transform));
    EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Rows<float>(2, 2, {0.05f, 0.1f, 0, 0})},
                                  {Labels({9, 7}), Rows(2, 3, scores)}, 2e-6))
        << transform;
  };
  check("NONE", {0.75f, 0.65f, 0.85f, 0.5f, 0.1f, 0});
  check("LOGISTIC", {0.6791787f, 0.65701044f, 0.7005671f, 0.6224593f, 0.5249792f, 0.5f});
  check("SOFTMAX", {0.33222497f, 0.30060962f, 0.3671654f, 0.43920314f, 0.29440668f, 0.26639017f});
  check("SOFTMAX_ZERO", {0.33222497f, 0.30060962f, 0.3671654f, 0.59868765f, 0.40131232f, 0});
  check("PROBIT", {0.6745743f, 0.38534024f, 1.0366136f, 0, -1.2817129f, -INFINITY});
}

TEST(LinearClassifier, TakesEveryTypeAndOneRow) {
  const AttributeSet attributes = std::move(AttributeSet()
                                                .Floats("coefficients", {1, 2, 3, 4})
                                                .Floats("intercepts", {0, 0})
                                                .Ints("classlabels_ints", {5, 6}));
  const std::vector<Value> expected = {Labels({6}), Rows<float>(1, 2, {5, 11})};
  EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Value::Of<float>({2}, {1, 2})}, expected));
  EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Rows<double>(1, 2, {1, 2})}, expected));
  EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Rows<int64_t>(1, 2, {1, 2})}, expected));
  EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Rows<int32_t>(1, 2, {1, 2})}, expected));
  EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Rows<float>(0, 2, {})},
                                {Labels({}), Rows<float>(0, 2, {})}));
  const float nan = NAN;
  EXPECT_EQ("", CheckEverywhere("LinearClassifier", attributes, {Rows<float>(1, 2, {nan, 1})},
                                {Labels({5}), Rows<float>(1, 2, {nan, nan})}));
}

TEST(LinearClassifier, RefusesWhatDoesNotFit) {
  const AttributeSet labels = std::move(
      AttributeSet().Floats("coefficients", {1, 2}).Floats("intercepts", {0}).Ints("classlabels_ints", {5, 6, 7}));
  EXPECT_FAILS("3 labels for 1 scores", "LinearClassifier", labels, {Rows<float>(1, 2, {1, 2})});
  const AttributeSet good = std::move(
      AttributeSet().Floats("coefficients", {1, 2}).Floats("intercepts", {0}).Ints("classlabels_ints", {5, 6}));
  EXPECT_FAILS("the input has 3 features, the model was made for 2", "LinearClassifier", good,
               {Rows<float>(1, 3, {1, 2, 3})});
  EXPECT_FAILS("the input has 3 dimensions", "LinearClassifier", good, {Value::Of<float>({1, 1, 2}, {1, 2})});
  const AttributeSet unknown = std::move(AttributeSet()
                                             .Floats("coefficients", {1, 2})
                                             .Floats("intercepts", {0})
                                             .Ints("classlabels_ints", {5, 6})
                                             .String("post_transform", "CUBE"));
  EXPECT_FAILS("'CUBE' is unknown", "LinearClassifier", unknown, {Rows<float>(1, 2, {1, 2})});
  const AttributeSet uneven = std::move(
      AttributeSet().Floats("coefficients", {1, 2, 3}).Floats("intercepts", {0, 0}).Ints("classlabels_ints", {5, 6}));
  EXPECT_FAILS("3 coefficients for 2 targets", "LinearClassifier", uneven, {Rows<float>(1, 2, {1, 2})});
}

}  // namespace
}  // namespace lamina::layers
