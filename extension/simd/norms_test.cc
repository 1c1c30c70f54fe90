#include "extension/simd/norms.h"

#include <algorithm>
#include <cmath>

#include "extension/simd/testing.h"

namespace lamina::simd {
namespace {

double NormOf(Norm norm, const float* x, size_t n) {
  double z = norm == Norm::kMax ? x[0] : 0;
  for (size_t i = 0; i < n; ++i) {
    if (norm == Norm::kMax) z = std::max<double>(z, x[i]);
    if (norm == Norm::kL1) z += std::abs(x[i]);
    if (norm == Norm::kL2) z += double{x[i]} * x[i];
  }
  return norm == Norm::kL2 ? std::sqrt(z) : z;
}

TEST(Norms, AgreeWithPlainLoops) {
  ForEachTarget([](const std::string& target) {
    for (const Norm norm : {Norm::kMax, Norm::kL1, Norm::kL2}) {
      for (size_t features = 1; features < 40; ++features) {
        auto x = Values<float>(4 * features, 1);
        for (size_t i = 0; i < features; ++i) x[i] = -std::abs(x[i]) - 0.01f;
        for (size_t i = features; i < 2 * features; ++i) x[i] = 0;
        std::vector<float> y(x.size());
        NormalizeRows(norm, x.data(), 4, features, y.data());
        for (size_t i = 0; i < x.size(); ++i) {
          const double z = NormOf(norm, x.data() + i / features * features, features);
          const double want = z == 0 ? x[i] : x[i] / z;
          ASSERT_NEAR(want, y[i], 1e-5 * std::abs(want)) << target << ", norm " << int(norm) << ", " << features;
        }
      }
    }
  });
}

TEST(Norms, L2HasTheBitsOfOnnxruntime) {
  ForEachTarget([](const std::string& target) {
    for (const size_t features : {3, 10, 100}) {
      const auto x = Values<float>(50 * features, 2);
      std::vector<float> y(x.size());
      NormalizeRows(Norm::kL2, x.data(), 50, features, y.data());
      for (size_t row = 0; row < x.size(); row += features) {
        volatile float sum = 0, square = 0;  // each is rounded
        for (size_t i = row; i < row + features; ++i) {
          square = x[i] * x[i];
          sum = sum + square;
        }
        for (size_t i = row; i < row + features; ++i) {
          square = x[i] * x[i];
          ASSERT_EQ(std::copysign(std::sqrt(square / sum), x[i]), y[i]) << target << ", " << features;
        }
      }
    }
  });
}

TEST(Norms, RowsWhoseSquaresVanishAreCopied) {
  const std::vector<float> x(20, 1e-30f);
  std::vector<float> y(x.size());
  NormalizeRows(Norm::kL2, x.data(), 1, x.size(), y.data());
  EXPECT_EQ(x, y);
}

}  // namespace
}  // namespace lamina::simd
