#include <algorithm>
#include <cmath>

#include "extension/layers/pairwise_probability.h"
#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

const Value kX = Rows<float>(4, 2, {.1f, .2f, .3f, -.4f, 0, 0, -.5f, .3f});

AttributeSet TwoClasses(const char* transform) {
  return std::move(AttributeSet()
                       .Ints("classlabels_ints", {5, 6})
                       .Ints("vectors_per_class", {1, 2})
                       .Floats("support_vectors", {1, 0, 0, 1, -1, .5f})
                       .Floats("coefficients", {1, -.5f, -.7f})
                       .Floats("rho", {.1f})
                       .Floats("kernel_params", {0.5f, 0, 3})
                       .String("post_transform", transform));
}

TEST(SVMClassifier, TwoClassesAsOnnxruntimeHasThem) {
  const auto check = [](const char* transform, std::vector<float> scores) {
    EXPECT_EQ("", CheckEverywhere("SVMClassifier", TwoClasses(transform), {kX},
                                  {Value::Of<int64_t>({4}, {5, 5, 5, 6}), Rows(4, 2, scores)}, 2e-6))
        << transform;
  };
  check("NONE", {-.1f, .1f, -.95f, .95f, -.1f, .1f, 1.005f, -1.005f});
  check("LOGISTIC",
        {0.47502083f, 0.5249792f, 0.27888483f, 0.7211152f, 0.47502083f, 0.5249792f, 0.7320405f, 0.26795948f});
  check("SOFTMAX", {.9f, .1f, .05f, .95f, .9f, .1f, 2.005f, -1.005f});
}

TEST(SVMClassifier, ProbabilitiesOfTwoClasses) {
  AttributeSet attributes = TwoClasses("NONE");
  attributes.Floats("prob_a", {-1.5f}).Floats("prob_b", {.2f});
  EXPECT_EQ("", CheckEverywhere("SVMClassifier", attributes, {kX},
                                {Value::Of<int64_t>({4}, {5, 5, 5, 6}),
                                 Rows<float>(4, 2,
                                             {0.48750246f, 0.5124976f, 0.77294207f, 0.22705789f, 0.48750246f,
                                              0.5124976f, 0.153379f, 0.8466209f})},
                                2e-6));
}

TEST(SVMClassifier, LiblinearAsOnnxruntimeHasIt) {
  const auto check = [](std::vector<float> coefficients, std::vector<int64_t> names, std::vector<int64_t> labels,
                        std::vector<float> scores) {
    const size_t classes = names.size();
    const AttributeSet attributes = std::move(AttributeSet()
                                                  .Ints("classlabels_ints", std::move(names))
                                                  .Floats("coefficients", std::move(coefficients))
                                                  .Floats("rho", {.3f, .7f})
                                                  .String("kernel_type", "RBF"));
    EXPECT_EQ("", CheckEverywhere("SVMClassifier", attributes, {kX},
                                  {Value::Of<int64_t>({4}, labels), Rows(4, classes, scores)}, 1e-6));
  };
  check({1, -2, -1, 2}, {5, 6}, {6, 6, 6, 6}, {0, .6f, 1.4f, -.8f, .3f, .3f, -.8f, 1.4f});
  check({1, 2, 3, 1}, {5, 6}, {6, 6, 5, 5}, {.8f, .8f, -.2f, .8f, .3f, .3f, .4f, -.9f});
  check({1, -2, -1, 2, .5f, .3f}, {5, 6, 7}, {6, 5, 5, 6},
        {0, .6f, .41f, 1.4f, -.8f, .33f, .3f, .3f, .3f, -.8f, 1.4f, .14f});
}

TEST(SVMClassifier, ManyClassesVoteByPairs) {
  const size_t features = 5, rows = 70;
  const std::vector<int64_t> per_class = {3, 1, 4, 2};
  const size_t vectors = 10, classes = 4;
  const auto v = Floats(vectors * features, -1, 1, 2), c = Floats((classes - 1) * vectors, -1, 1, 3),
             rho = Floats(6, -.1f, .1f, 4), x = Floats(rows * features);
  std::vector<float> scores;
  std::vector<std::string> labels;
  for (size_t r = 0; r < rows; ++r) {
    std::vector<double> likeness;
    for (size_t i = 0; i < vectors; ++i) {
      double distance = 0;
      for (size_t k = 0; k < features; ++k) distance += std::pow(double{x[r * features + k]} - v[i * features + k], 2);
      likeness.push_back(std::exp(-0.5 * distance));
    }
    const size_t first[] = {0, 3, 4, 8, 10};
    std::vector<int> votes(classes);
    for (size_t i = 0, pair = 0; i < classes; ++i) {
      for (size_t j = i + 1; j < classes; ++j, ++pair) {
        double sum = rho[pair];
        for (size_t s = first[i]; s < first[i + 1]; ++s) sum += c[(j - 1) * vectors + s] * likeness[s];
        for (size_t s = first[j]; s < first[j + 1]; ++s) sum += c[i * vectors + s] * likeness[s];
        scores.push_back(static_cast<float>(sum));
        ++votes[sum > 0 ? i : j];
      }
    }
    labels.push_back(
        std::string(1, static_cast<char>('a' + (std::max_element(votes.begin(), votes.end()) - votes.begin()))));
  }
  const AttributeSet attributes = std::move(AttributeSet()
                                                .Strings("classlabels_strings", {"a", "b", "c", "d"})
                                                .Ints("vectors_per_class", per_class)
                                                .Floats("support_vectors", v)
                                                .Floats("coefficients", c)
                                                .Floats("rho", rho)
                                                .String("kernel_type", "RBF")
                                                .Floats("kernel_params", {0.5f, 0, 3}));
  EXPECT_EQ("", CheckEverywhere("SVMClassifier", attributes, {Rows(rows, features, x)},
                                {Value::Strings({static_cast<int64_t>(rows)}, labels), Rows(rows, 6, scores)}, 2e-6));
}

TEST(SVMClassifier, CoupledPairsAreProbabilities) {
  // With pairs that agree (r[i][j] = p[i] / (p[i] + p[j])) the coupling finds p itself.
  const std::vector<float> p = {0.5f, 0.3f, 0.2f};
  std::vector<float> r(9), got(3);
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) r[i * 3 + j] = i == j ? 0 : p[i] / (p[i] + p[j]);
  }
  CouplePairs(r, 3, got.data());
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(p[i], got[i], 0.01) << i;
  EXPECT_NEAR(1, got[0] + got[1] + got[2], 1e-6);
}

TEST(SVMClassifier, RefusesWhatDoesNotFit) {
  AttributeSet uneven = TwoClasses("NONE");
  uneven.Floats("prob_a", {1});
  EXPECT_FAILS("prob_a has 1 values and prob_b 0", "SVMClassifier", uneven, {kX});
  EXPECT_FAILS("the input has 3 features, the model was made for 2", "SVMClassifier", TwoClasses("NONE"),
               {Rows<float>(1, 3, {1, 2, 3})});
  const AttributeSet three = std::move(AttributeSet()
                                           .Ints("classlabels_ints", {5, 6, 7})
                                           .Ints("vectors_per_class", {1, 2})
                                           .Floats("support_vectors", {1, 0, 0, 1, -1, .5f})
                                           .Floats("coefficients", {1, -.5f, -.7f})
                                           .Floats("rho", {.1f}));
  EXPECT_FAILS("3 labels and 2 vectors_per_class", "SVMClassifier", three, {kX});
  constexpr int64_t kHalf = int64_t{1} << 62;  // four of them are 0, with 64 bits
  const AttributeSet many = std::move(AttributeSet()
                                          .Ints("classlabels_ints", {5, 6, 7, 8})
                                          .Ints("vectors_per_class", {kHalf, kHalf, kHalf, kHalf + 3})
                                          .Floats("support_vectors", {1, 0, 0, 1, -1, .5f})
                                          .Floats("coefficients", std::vector<float>(9))
                                          .Floats("rho", std::vector<float>(6)));
  EXPECT_FAILS("vectors_per_class has 4611686018427387904", "SVMClassifier", many, {kX});
}

}  // namespace
}  // namespace lamina::layers
