#include "extension/simd/elementwise.h"

#include <cmath>

#include "extension/simd/testing.h"

namespace lamina::simd {
namespace {

TEST(Elementwise, RepeatFillsVectorsOfEveryWidth) {
  for (size_t n = 1; n < 40; ++n) {
    const auto values = Values<float>(n, 1), repeated = Repeat(values);
    EXPECT_EQ(0u, repeated.size() % 16);
    EXPECT_EQ(0u, repeated.size() % n);
    for (size_t i = 0; i < repeated.size(); ++i) ASSERT_EQ(values[i % n], repeated[i]);
  }
  EXPECT_TRUE(Repeat({}).empty());
}

TEST(Elementwise, AgreesWithPlainLoops) {
  ForEachTarget([](const std::string& target) {
    for (const size_t period : {1, 3, 16, 17}) {
      const auto offset = Values<float>(period, 2), scale = Values<float>(period, 3);
      const auto offsets = Repeat(offset), scales = Repeat(scale);
      for (const size_t n : {0, 1, 15, 16, 17, 33, 1000, 2000}) {
        // One element in, so that nothing is aligned.
        auto x = Values<float>(n + 1, 4);
        for (size_t i = 1; i < x.size(); i += 3) x[i] = i % 2 ? NAN : 0.25f;
        std::vector<float> y(n + 1, 7);
        const auto check = [&](const auto& expected) {
          EXPECT_EQ(7, y[0]);
          for (size_t i = 0; i < n; ++i) {
            const float want = expected(x[i + 1], i % period);
            ASSERT_TRUE(want == y[i + 1] || (want != want && y[i + 1] != y[i + 1]))
                << target << ", " << i << " of " << n;
          }
        };
        Scale(x.data() + 1, offsets.data(), scales.data(), offsets.size(), y.data() + 1, n);
        check([&](float v, size_t j) { return (v - offset[j]) * scale[j]; });
        Replace(x.data() + 1, 0.25f, offsets.data(), offsets.size(), y.data() + 1, n);
        check([&](float v, size_t j) { return v == 0.25f ? offset[j] : v; });
        Replace(x.data() + 1, NAN, offsets.data(), offsets.size(), y.data() + 1, n);
        check([&](float v, size_t j) { return v != v ? offset[j] : v; });
        Binarize(x.data() + 1, 0.25f, y.data() + 1, n);
        check([&](float v, size_t) { return v > 0.25f ? 1.0f : 0.0f; });
      }
    }
  });
}

}  // namespace
}  // namespace lamina::simd
