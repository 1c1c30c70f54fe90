// Equal, Less, ..., Div and Mod of two tensors, against plain loops.
#include "extension/layers/elementwise_pairs.h"

#include <limits>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

const AttributeSet kNone;

/// `n` numbers that f32 cannot tell apart, next to each other beyond 2^24 (2^53 for doubles and 64 bits), and the ends.
template <class T>
std::vector<T> Close(size_t n, uint64_t seed) {
  std::vector<T> values(n);
  constexpr T kBase = sizeof(T) == 8 && std::is_integral_v<T> ? static_cast<T>((int64_t{1} << 53) + 1) : T(1 << 24);
  for (size_t i = 0; i < n; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    values[i] = kBase + static_cast<T>(seed >> 62);
    if (seed >> 58 == 3) values[i] = std::numeric_limits<T>::max();
    if (seed >> 58 == 5) values[i] = std::numeric_limits<T>::lowest();
  }
  return values;
}

template <class T>
void ExpectComparison(const char* layer, const std::vector<T>& x, const std::vector<T>& y, bool (*holds)(T, T)) {
  const auto n = static_cast<int64_t>(x.size());
  std::vector<bool> same, one, table;
  for (size_t i = 0; i < x.size(); ++i) {
    same.push_back(holds(x[i], y[i]));
    one.push_back(holds(x[i], y[0]));
    for (size_t j = 0; j < x.size(); ++j) table.push_back(holds(x[j], y[i]));
  }
  const Value left = Value::Of<T>({n}, x);
  const auto check = [&](const Value& right, const Value& expected) {
    EXPECT_EQ("", CheckEverywhere(layer, kNone, {left, right}, {expected})) << layer << " of " << n;
  };
  check(Value::Of<T>({n}, y), Value::Of<bool>({n}, same));
  check(Value::Of<T>({n, 1}, y), Value::Of<bool>({n, n}, table));
  if (n > 0) check(Value::Of<T>({}, {y[0]}), Value::Of<bool>({n}, one));
}

template <class T>
void ExpectComparisons() {
  for (const size_t n : {0, 1, 15, 16, 17, 35}) {
    std::vector<T> x = Close<T>(n, 1), y = Close<T>(n, 2);
    if (std::is_floating_point_v<T> && n > 2) x[1] = y[2] = std::numeric_limits<T>::quiet_NaN();
    ExpectComparison<T>("Equal", x, y, [](T a, T b) { return a == b; });
    ExpectComparison<T>("Less", x, y, [](T a, T b) { return a < b; });
    ExpectComparison<T>("LessOrEqual", x, y, [](T a, T b) { return a <= b; });
    ExpectComparison<T>("Greater", x, y, [](T a, T b) { return a > b; });
    ExpectComparison<T>("GreaterOrEqual", x, y, [](T a, T b) { return a >= b; });
  }
}

TEST(ElementwisePairs, NumbersThatLieCloseAreCompared) {
  ExpectComparisons<int64_t>();
  ExpectComparisons<int32_t>();
  ExpectComparisons<uint64_t>();
  ExpectComparisons<uint32_t>();
  ExpectComparisons<float>();
  ExpectComparisons<double>();
}

template <class T>
void ExpectQuotients() {
  const std::vector<T> x = Close<T>(35, 1);
  std::vector<T> y = Close<T>(35, 2), quotients(35);
  y[4] = 7;
  y[5] = static_cast<T>(-1);
  y[6] = static_cast<T>(-2);
  const T lowest = std::numeric_limits<T>::lowest();
  for (size_t i = 0; i < x.size(); ++i) {
    quotients[i] = x[i] == lowest && y[i] == T(-1) ? lowest : static_cast<T>(x[i] / y[i]);
  }
  EXPECT_EQ("", CheckEverywhere("Div", kNone, {Value::Of<T>({35}, x), Value::Of<T>({35}, y)},
                                {Value::Of<T>({35}, quotients)}));
}

TEST(ElementwisePairs, IntegersAreDividedTowardsZero) {
  ExpectQuotients<int64_t>();
  ExpectQuotients<int32_t>();
  const Value lowest = Value::Of<int32_t>({2}, {std::numeric_limits<int32_t>::min(), 7});
  EXPECT_EQ("", CheckEverywhere("Div", kNone, {lowest, Value::Of<int32_t>({1}, {-1})},
                                {Value::Of<int32_t>({2}, {std::numeric_limits<int32_t>::min(), -7})}));
  EXPECT_EQ("", CheckEverywhere("Div", kNone, {Value::Of<uint32_t>({1}, {4294967295u}), Value::Of<uint32_t>({1}, {2})},
                                {Value::Of<uint32_t>({1}, {2147483647u})}));
  EXPECT_EQ("", CheckEverywhere("Div", kNone,
                                {Value::Of<int8_t>({4}, {7, -7, 127, -128}), Value::Of<int8_t>({4}, {2, 2, 3, -1})},
                                {Value::Of<int8_t>({4}, {3, -3, 42, -128})}));
  EXPECT_EQ("", CheckEverywhere("Div", kNone, {Value::Of<uint8_t>({2}, {255, 7}), Value::Of<uint8_t>({1}, {2})},
                                {Value::Of<uint8_t>({2}, {127, 3})}));
}

TEST(ElementwisePairs, WhatDoesNotFitIsRefused) {
  const auto ints = [](const std::vector<int64_t>& values) {
    return Value::Of<int64_t>({static_cast<int64_t>(values.size())}, values);
  };
  EXPECT_FAILS("Div: division by 0", "Div", kNone, {ints({1}), ints({0})});
  EXPECT_FAILS("dimensions 2 and 3", "Less", kNone, {ints({1, 2}), ints({1, 2, 3})});
  EXPECT_FAILS("takes no inputs of types (i64, i32)", "Less", kNone, {ints({1}), Value::Of<int32_t>({1}, {0})});
}

}  // namespace
}  // namespace lamina::layers
