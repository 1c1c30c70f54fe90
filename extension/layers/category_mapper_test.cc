#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

TEST(CategoryMapper, MapsBothWays) {
  const AttributeSet attributes = std::move(AttributeSet()
                                                .Strings("cats_strings", {"a", "b", "a"})
                                                .Ints("cats_int64s", {5, int64_t{1} << 40, 7})
                                                .String("default_string", "?")
                                                .Int("default_int64", -3));
  EXPECT_EQ("", CheckEverywhere("CategoryMapper", attributes, {Value::Strings({2, 2}, {"a", "b", "", "c"})},
                                {Rows<int64_t>(2, 2, {7, int64_t{1} << 40, -3, -3})}));
  EXPECT_EQ("", CheckEverywhere("CategoryMapper", attributes, {Value::Of<int64_t>({4}, {5, 7, 6, int64_t{1} << 40})},
                                {Value::Strings({4}, {"a", "a", "?", "b"})}));
  EXPECT_EQ("", CheckEverywhere("CategoryMapper", attributes, {Value::Of<int32_t>({2}, {5, 0})},
                                {Value::Strings({2}, {"a", "?"})}));
}

TEST(CategoryMapper, RefusesWhatDoesNotFit) {
  const AttributeSet uneven = std::move(AttributeSet().Strings("cats_strings", {"a"}).Ints("cats_int64s", {5, 6}));
  EXPECT_FAILS("1 cats_strings and 2 cats_int64s", "CategoryMapper", uneven, {Value::Strings({1}, {"a"})});
}

}  // namespace
}  // namespace lamina::layers
