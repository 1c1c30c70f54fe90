#include <cmath>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

double Kernel(const std::string& kind, const float* x, const float* v, size_t n) {
  double dot = 0, distance = 0;
  for (size_t i = 0; i < n; ++i) {
    dot += double{x[i]} * v[i];
    distance += (double{x[i]} - v[i]) * (double{x[i]} - v[i]);
  }
  if (kind == "POLY") return std::pow(0.5 * dot + 1.5, 3);
  if (kind == "RBF") return std::exp(-0.5 * distance);
  return kind == "SIGMOID" ? std::tanh(0.5 * dot + 1.5) : dot;
}

TEST(SVMRegressor, SumsEveryKernelAtEverySize) {
  for (const char* kind : {"LINEAR", "POLY", "RBF", "SIGMOID"}) {
    for (const size_t features : {1, 3, 8, 17}) {
      for (const size_t vectors : {1, 2, 15, 16, 17, 40}) {
        const size_t rows = 7;
        const auto v = Floats(vectors * features, -1, 1, 2), c = Floats(vectors, -1, 1, 3), x = Floats(rows * features);
        std::vector<float> y;
        for (size_t r = 0; r < rows; ++r) {
          double sum = 0.25;
          for (size_t i = 0; i < vectors; ++i)
            sum += c[i] * Kernel(kind, x.data() + r * features, v.data() + i * features, features);
          y.push_back(static_cast<float>(sum));
        }
        const AttributeSet attributes = std::move(AttributeSet()
                                                      .Int("n_supports", static_cast<int64_t>(vectors))
                                                      .Floats("support_vectors", v)
                                                      .Floats("coefficients", c)
                                                      .Floats("rho", {0.25f})
                                                      .String("kernel_type", kind)
                                                      .Floats("kernel_params", {0.5f, 1.5f, 3}));
        EXPECT_EQ(
            "", CheckEverywhere("SVMRegressor", attributes, {Rows(rows, features, x)}, {Rows(rows, 1, y)}, 1e-5, 2e-6))
            << kind << ", " << features << " features, " << vectors << " vectors";
      }
    }
  }
}

TEST(SVMRegressor, WithoutVectorsIsLinear) {
  const AttributeSet attributes =
      std::move(AttributeSet().Floats("coefficients", {1, -0.5f}).Floats("rho", {0.1f}).String("kernel_type", "RBF"));
  EXPECT_EQ("", CheckEverywhere("SVMRegressor", attributes, {Rows<double>(1, 2, {0.3, -0.4})},
                                {Rows<float>(1, 1, {0.6f})}, 1e-6));
}

TEST(SVMRegressor, OneClassSaysInOrOut) {
  const AttributeSet attributes =
      std::move(AttributeSet().Floats("coefficients", {1}).Floats("rho", {0}).Int("one_class", 1));
  EXPECT_EQ("", CheckEverywhere("SVMRegressor", attributes, {Rows<float>(3, 1, {2, 0, -2})},
                                {Rows<float>(3, 1, {1, -1, -1})}));
}

TEST(SVMRegressor, RefusesWhatDoesNotFit) {
  const Value x = Rows<float>(1, 2, {1, 2});
  const AttributeSet kernel = std::move(AttributeSet()
                                            .Int("n_supports", 1)
                                            .Floats("support_vectors", {1, 2})
                                            .Floats("coefficients", {1})
                                            .Floats("rho", {0})
                                            .String("kernel_type", "CUBE"));
  EXPECT_FAILS("kernel_type is 'CUBE'", "SVMRegressor", kernel, {x});
  const AttributeSet few = std::move(AttributeSet()
                                         .Int("n_supports", 2)
                                         .Floats("support_vectors", {1, 2, 3, 4})
                                         .Floats("coefficients", {1})
                                         .Floats("rho", {0}));
  EXPECT_FAILS("1 coefficients for 2 support vectors", "SVMRegressor", few, {x});
  const AttributeSet odd = std::move(AttributeSet()
                                         .Int("n_supports", 2)
                                         .Floats("support_vectors", {1, 2, 3})
                                         .Floats("coefficients", {1, 1})
                                         .Floats("rho", {0}));
  EXPECT_FAILS("3 values for 2 vectors", "SVMRegressor", odd, {x});
  const AttributeSet rho = std::move(AttributeSet().Floats("coefficients", {1}).Floats("rho", {}));
  EXPECT_FAILS("rho is empty", "SVMRegressor", rho, {x});
}

}  // namespace
}  // namespace lamina::layers
