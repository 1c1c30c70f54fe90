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

TEST(Curves, EndWhereTheyShould) {
  ForEachTarget([](const std::string& target) {
    float v[] = {-INFINITY, 0, 1000, -1000};
    ExpOf(v, 1, 4);
    EXPECT_EQ(0, v[0]) << target;
    EXPECT_EQ(1, v[1]) << target;
    EXPECT_EQ(0, v[3]) << target;
    float t[] = {50, -50, 0};
    TanhOf(t, 1, 0, 3);
    EXPECT_FLOAT_EQ(1, t[0]) << target;
    EXPECT_FLOAT_EQ(-1, t[1]) << target;
    EXPECT_EQ(0, t[2]) << target;
  });
}

}  // namespace
}  // namespace lamina::simd
