#include "extension/simd/curves.h"

#include <cmath>

#include "extension/simd/testing.h"

namespace lamina::simd {
namespace {

TEST(Curves, AreWithinTheirBounds) {
  constexpr double kUnit = 1.0 / (1 << 23);
  ForEachTarget([](const std::string& target) {
    for (const size_t n : {0, 1, 7, 17, 1000}) {
      const auto x = Values<float>(n, 1);
      auto exps = x, tanhs = x;
      ExpOf(exps.data(), -20, n);
      TanhOf(tanhs.data(), 3, 0.5f, n);
      for (size_t i = 0; i < n; ++i) {
        const double e = std::exp(double{-20 * x[i]}), t = std::tanh(double{std::fma(x[i], 3.0f, 0.5f)});
        ASSERT_NEAR(e, exps[i], 2 * kUnit * e) << target << ", exp of " << -20 * x[i];
        ASSERT_NEAR(t, tanhs[i], 4 * kUnit * std::abs(t) + 1e-7) << target << ", tanh of " << 3 * x[i] + 0.5f;
      }
    }
  });
}

TEST(Curves, LogisticAndSoftmaxAreWithinTheirBounds) {
  ForEachTarget([](const std::string& target) {
    for (const size_t width : {1, 2, 3, 7, 16, 17}) {
      const size_t rows = 5;
      auto x = Values<float>(rows * width, 1);
      for (float& value : x) value *= 20;
      auto logistic = x, softmax = x;
      LogisticOf(logistic.data(), logistic.size());
      SoftmaxOf(softmax.data(), rows, width);
      for (size_t i = 0; i < x.size(); ++i) {
        double sum = 0;
        for (size_t k = i / width * width; k < (i / width + 1) * width; ++k) sum += std::exp(double{x[k]} - x[i]);
        ASSERT_NEAR(1 / (1 + std::exp(-double{x[i]})), logistic[i], 3e-7) << target << ", logistic of " << x[i];
        ASSERT_NEAR(1 / sum, softmax[i], 1e-6) << target << ", softmax " << i << " of " << width;
      }
    }
  });
}

TEST(Curves, EndWhereTheyShould) {
  const float inf = INFINITY;
  ForEachTarget([&](const std::string& target) {
    float v[] = {-inf, 0, 1000, -1000, NAN, 88.8f, inf, -88};
    ExpOf(v, 1, 8);
    EXPECT_EQ(0, v[0]) << target;
    EXPECT_EQ(1, v[1]) << target;
    EXPECT_EQ(inf, v[2]) << target;
    EXPECT_EQ(0, v[3]) << target;
    EXPECT_TRUE(std::isnan(v[4])) << target;
    EXPECT_EQ(inf, v[5]) << target;
    EXPECT_EQ(inf, v[6]) << target;
    EXPECT_NEAR(std::exp(-88.0), v[7], 1e-44) << target;
    float t[] = {50, -50, 0, NAN, inf, -inf, 9};
    TanhOf(t, 1, 0, 7);
    EXPECT_EQ(1, t[0]) << target;
    EXPECT_EQ(-1, t[1]) << target;
    EXPECT_EQ(0, t[2]) << target;
    EXPECT_TRUE(std::isnan(t[3])) << target;
    EXPECT_EQ(1, t[4]) << target;
    EXPECT_EQ(-1, t[5]) << target;
    float l[] = {inf, -inf, 0, NAN, -200};
    LogisticOf(l, 5);
    EXPECT_EQ(1, l[0]) << target;
    EXPECT_EQ(0, l[1]) << target;
    EXPECT_EQ(0.5f, l[2]) << target;
    EXPECT_TRUE(std::isnan(l[3])) << target;
    EXPECT_EQ(0, l[4]) << target;
    float s[] = {0, NAN, 1, 1};
    SoftmaxOf(s, 2, 2);
    EXPECT_TRUE(std::isnan(s[0])) << target;
    EXPECT_EQ(0.5f, s[2]) << target;
  });
}

}  // namespace
}  // namespace lamina::simd
