#include <cmath>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

Value Numbers(std::vector<int64_t> numbers) {
  const auto n = static_cast<int64_t>(numbers.size());
  return Value::Of<int64_t>({n}, std::move(numbers));
}

AttributeSet Sorted(int64_t sorted) { return std::move(AttributeSet().Int("sorted", sorted)); }

TEST(Unique, FindsElements) {
  const Value x = Value::Strings({2, 3}, {"b", "a string that is on the heap", "", "b", "é", ""});
  EXPECT_EQ("", CheckEverywhere("Unique", Sorted(1), {x},
                                {Value::Strings({4}, {"", "a string that is on the heap", "b", "é"}),
                                 Numbers({2, 1, 0, 4}), Numbers({2, 1, 0, 2, 3, 0}), Numbers({2, 1, 2, 1})}));
  EXPECT_EQ("", CheckEverywhere("Unique", Sorted(0), {x},
                                {Value::Strings({4}, {"b", "a string that is on the heap", "", "é"}),
                                 Numbers({0, 1, 2, 4}), Numbers({0, 1, 2, 0, 3, 2}), Numbers({2, 1, 2, 1})}));
}

TEST(Unique, FindsSlices) {
  const Value x = Value::Strings({3, 2}, {"b", "a", "a", "c", "b", "a"});
  const auto along = [](int64_t axis) { return std::move(Sorted(1).Int("axis", axis)); };
  EXPECT_EQ("", CheckEverywhere("Unique", along(0), {x},
                                {Value::Strings({2, 2}, {"a", "c", "b", "a"}), Numbers({1, 0}), Numbers({1, 0, 1}),
                                 Numbers({1, 2})}));
  EXPECT_EQ("", CheckEverywhere("Unique", along(-1), {x},
                                {Value::Strings({3, 2}, {"a", "b", "c", "a", "a", "b"}), Numbers({1, 0}),
                                 Numbers({1, 0}), Numbers({1, 1})}));
  const Value cube = Value::Of<int64_t>({2, 3, 2}, {5, 6, 1, 2, 5, 6, 7, 8, 3, 4, 7, 8});
  EXPECT_EQ("", CheckEverywhere("Unique", along(1), {cube},
                                {Value::Of<int64_t>({2, 2, 2}, {1, 2, 5, 6, 3, 4, 7, 8}), Numbers({1, 0}),
                                 Numbers({1, 0, 1}), Numbers({1, 2})}));
}

TEST(Unique, TellsNumbersApart) {
  const int64_t big = int64_t{1} << 40;
  EXPECT_EQ("", CheckEverywhere(
                    "Unique", Sorted(1), {Numbers({big + 1, 1, -big, 1})},
                    {Numbers({-big, 1, big + 1}), Numbers({2, 1, 0}), Numbers({2, 1, 0, 1}), Numbers({1, 2, 1})}));
  EXPECT_EQ("", CheckEverywhere(
                    "Unique", Sorted(1), {Value::Of<double>({3}, {1 + 1e-15, 1, 1 + 1e-15})},
                    {Value::Of<double>({2}, {1, 1 + 1e-15}), Numbers({1, 0}), Numbers({1, 0, 1}), Numbers({1, 2})}));
  EXPECT_EQ("", CheckEverywhere("Unique", Sorted(1), {Value::Of<float>({4}, {NAN, INFINITY, NAN, -1})},
                                {Value::Of<float>({3}, {-1, INFINITY, NAN}), Numbers({3, 1, 0}), Numbers({2, 1, 2, 0}),
                                 Numbers({1, 1, 2})}));
  EXPECT_EQ("", CheckEverywhere("Unique", Sorted(1), {Value::Of<int8_t>({2}, {1, -1})},
                                {Value::Of<int8_t>({2}, {-1, 1}), Numbers({1, 0}), Numbers({1, 0}), Numbers({1, 1})}));
}

TEST(Unique, TakesNothing) {
  EXPECT_EQ("", CheckEverywhere("Unique", Sorted(1), {Value::Strings({0, 2}, {})},
                                {Value::Strings({0}, {}), Numbers({}), Numbers({}), Numbers({})}));
  EXPECT_EQ("", CheckEverywhere("Unique", std::move(Sorted(0).Int("axis", 0)), {Value::Strings({0, 2}, {})},
                                {Value::Strings({0, 2}, {}), Numbers({}), Numbers({}), Numbers({})}));
  EXPECT_EQ("", CheckEverywhere("Unique", std::move(Sorted(0).Int("axis", 0)), {Value::Strings({2, 0}, {})},
                                {Value::Strings({1, 0}, {}), Numbers({0}), Numbers({0, 0}), Numbers({2})}));
}

TEST(Unique, RefusesAnAxisThatIsNotThere) {
  EXPECT_FAILS("axis is 1, the tensor has 1 dimensions", "Unique", std::move(Sorted(1).Int("axis", 1)), {Numbers({1})});
}

}  // namespace
}  // namespace lamina::layers
