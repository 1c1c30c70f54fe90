#include <cmath>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

TEST(OneHotEncoder, MarksTheCategoryOfEveryType) {
  const AttributeSet ints = std::move(AttributeSet().Ints("cats_int64s", {1, -4, int64_t{1} << 40}));
  const auto expected = Value::Of<float>({2, 2, 3}, {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0});
  EXPECT_EQ("", CheckEverywhere("OneHotEncoder", ints, {Rows<int64_t>(2, 2, {1, 2, -4, 0})}, {expected}));
  EXPECT_EQ("", CheckEverywhere("OneHotEncoder", ints, {Rows<int32_t>(2, 2, {1, 2, -4, 0})}, {expected}));
  EXPECT_EQ("", CheckEverywhere("OneHotEncoder", ints, {Rows<float>(2, 2, {1.9f, 2, -4.5f, NAN})}, {expected}));
  EXPECT_EQ("", CheckEverywhere("OneHotEncoder", ints, {Rows<double>(2, 2, {1.9, 2, -4.5, INFINITY})}, {expected}));
  EXPECT_EQ("", CheckEverywhere("OneHotEncoder", ints, {Value::Of<int64_t>({1}, {int64_t{1} << 40})},
                                {Rows<float>(1, 3, {0, 0, 1})}));
  const AttributeSet strings = std::move(AttributeSet().Strings("cats_strings", {"a", "b", "a"}));
  EXPECT_EQ("", CheckEverywhere("OneHotEncoder", strings, {Value::Strings({3}, {"a", "", "b"})},
                                {Rows<float>(3, 3, {0, 0, 1, 0, 0, 0, 0, 1, 0})}));
  EXPECT_EQ("", CheckEverywhere("OneHotEncoder", strings, {Value::Strings({0}, {})}, {Rows<float>(0, 3, {})}));
}

TEST(OneHotEncoder, RefusesTheUnknownIfAsked) {
  const AttributeSet attributes = std::move(AttributeSet().Ints("cats_int64s", {1}).Int("zeros", 0));
  EXPECT_EQ(
      "", CheckEverywhere("OneHotEncoder", attributes, {Value::Of<int64_t>({2}, {1, 1})}, {Rows<float>(2, 1, {1, 1})}));
  EXPECT_FAILS("element 1 of the input is of no category", "OneHotEncoder", attributes,
               {Value::Of<int64_t>({2}, {1, 2})});
}

TEST(OneHotEncoder, RefusesWhatDoesNotFit) {
  const AttributeSet none, strings = std::move(AttributeSet().Strings("cats_strings", {"a"}));
  EXPECT_FAILS("0 integer categories and 0 string categories", "OneHotEncoder", none, {Value::Of<int64_t>({1}, {1})});
  EXPECT_FAILS("the input is i64, the categories are strings", "OneHotEncoder", strings,
               {Value::Of<int64_t>({1}, {1})});
}

}  // namespace
}  // namespace lamina::layers
