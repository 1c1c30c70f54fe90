#include <algorithm>
#include <cmath>
#include <numeric>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

AttributeSet Along(int64_t axis, int64_t largest) {
  return std::move(AttributeSet().Int("axis", axis).Int("largest", largest));
}
Value K(int64_t k) { return Value::Of<int64_t>({1}, {k}); }

TEST(TopK, KeepsTheOrderOfEqualElements) {
  for (const size_t n : {1, 2, 5, 17, 100, 300}) {
    for (const size_t k : {size_t{0}, size_t{1}, n / 2, std::min<size_t>(n, 70), n}) {
      for (const int64_t largest : {0, 1}) {
        const auto ints = Ints(3 * n, 0, 9);
        std::vector<float> values;
        std::vector<int64_t> indices;
        for (size_t r = 0; r < 3; ++r) {
          std::vector<int64_t> order(n);
          std::iota(order.begin(), order.end(), 0);
          std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
            return largest ? ints[r * n + a] > ints[r * n + b] : ints[r * n + a] < ints[r * n + b];
          });
          for (size_t i = 0; i < k; ++i) {
            indices.push_back(order[i]);
            values.push_back(static_cast<float>(ints[r * n + order[i]]));
          }
        }
        EXPECT_EQ("", CheckEverywhere("TopK", Along(-1, largest),
                                      {Rows(3, n, Converted<float>(ints)), K(static_cast<int64_t>(k))},
                                      {Rows(3, k, values), Rows(3, k, indices)}))
            << n << ", " << k << ", " << largest;
      }
    }
  }
}

TEST(TopK, TakesOtherAxesAndTypes) {
  EXPECT_EQ("", CheckEverywhere("TopK", Along(0, 1), {Rows<int64_t>(3, 2, {1, int64_t{1} << 40, 3, 4, 3, 0}), K(2)},
                                {Rows<int64_t>(2, 2, {3, int64_t{1} << 40, 3, 4}), Rows<int64_t>(2, 2, {1, 0, 2, 1})}));
  EXPECT_EQ("", CheckEverywhere("TopK", Along(-1, 0), {Value::Of<double>({2}, {1 + 1e-15, 1}), K(1)},
                                {Value::Of<double>({1}, {1}), Value::Of<int64_t>({1}, {1})}));
  EXPECT_EQ("", CheckEverywhere("TopK", Along(-1, 0), {Value::Of<int32_t>({2}, {2, 1}), K(1)},
                                {Value::Of<int32_t>({1}, {1}), Value::Of<int64_t>({1}, {1})}));
  EXPECT_EQ("", CheckEverywhere("TopK", Along(-1, 1), {Value::Of<float>({3}, {1, NAN, 2}), K(2)},
                                {Value::Of<float>({2}, {NAN, 2}), Value::Of<int64_t>({2}, {1, 2})}));
  EXPECT_EQ("", CheckEverywhere("TopK", Along(-1, 1), {Rows<float>(0, 3, {}), K(2)},
                                {Rows<float>(0, 2, {}), Rows<int64_t>(0, 2, {})}));
}

TEST(TopK, RefusesWhatDoesNotFit) {
  EXPECT_FAILS("k is 4, the dimension is 3", "TopK", Along(-1, 1), {Rows<float>(1, 3, {1, 2, 3}), K(4)});
  EXPECT_FAILS("axis is 2", "TopK", Along(2, 1), {Rows<float>(1, 3, {1, 2, 3}), K(1)});
}

}  // namespace
}  // namespace lamina::layers
