#include <cmath>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

template <class T>
std::vector<T> Distances(const std::vector<T>& a, const std::vector<T>& b, size_t depth, bool square) {
  std::vector<T> c;
  for (size_t i = 0; i < a.size(); i += depth) {
    for (size_t j = 0; j < b.size(); j += depth) {
      double sum = 0;
      for (size_t k = 0; k < depth; ++k) sum += (double{a[i + k]} - b[j + k]) * (double{a[i + k]} - b[j + k]);
      c.push_back(static_cast<T>(square ? sum : std::sqrt(sum)));
    }
  }
  return c;
}

TEST(CDist, MeasuresAtEverySize) {
  const AttributeSet square, root = std::move(AttributeSet().String("metric", "euclidean"));
  for (const size_t depth : {1, 2, 5, 16, 30}) {
    for (const size_t columns : kSizes) {
      const size_t rows = 11;
      const auto a = Floats(rows * depth), b = Floats(columns * depth, -1, 1, 2);
      EXPECT_EQ("", CheckEverywhere("CDist", square, {Rows(rows, depth, a), Rows(columns, depth, b)},
                                    {Rows(rows, columns, Distances(a, b, depth, true))}, 0, 1e-5));
      EXPECT_EQ("", CheckEverywhere("CDist", root, {Rows(rows, depth, a), Rows(columns, depth, b)},
                                    {Rows(rows, columns, Distances(a, b, depth, false))}, 0, 1e-5));
      const auto da = Converted<double>(a), db = Converted<double>(b);
      EXPECT_EQ("", CheckEverywhere("CDist", root, {Rows(rows, depth, da), Rows(columns, depth, db)},
                                    {Rows(rows, columns, Distances(da, db, depth, false))}, 0, 1e-14));
    }
  }
}

TEST(CDist, TakesNoRows) {
  const AttributeSet none;
  EXPECT_EQ("", CheckEverywhere("CDist", none, {Rows<float>(0, 2, {}), Rows<float>(3, 2, {1, 2, 3, 4, 5, 6})},
                                {Rows<float>(0, 3, {})}));
  EXPECT_EQ(
      "", CheckEverywhere("CDist", none, {Rows<float>(1, 2, {1, 2}), Rows<float>(0, 2, {})}, {Rows<float>(1, 0, {})}));
}

TEST(CDist, RefusesWhatDoesNotFit) {
  const AttributeSet none, other = std::move(AttributeSet().String("metric", "cityblock"));
  EXPECT_FAILS("have 2 and 3 values", "CDist", none, {Rows<float>(1, 2, {1, 2}), Rows<float>(1, 3, {1, 2, 3})});
  EXPECT_FAILS("input 1 has 1 dimensions", "CDist", none, {Rows<float>(1, 2, {1, 2}), Value::Of<float>({2}, {1, 2})});
  EXPECT_FAILS("metric is 'cityblock'", "CDist", other, {Rows<float>(1, 1, {1}), Rows<float>(1, 1, {1})});
}

}  // namespace
}  // namespace lamina::layers
