#include <limits>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(LabelEncoder, EveryKindOfKeyGivesEveryKindOfValue) {
  const auto add = [](AttributeSet& to, const std::string& name) {
    if (name.ends_with("strings")) to.Strings(name, {"a", "b"});
    if (name.ends_with("int64s")) to.Ints(name, {5, int64_t{1} << 40});
    if (name.ends_with("floats")) to.Floats(name, {0.5f, -2});
  };
  const Value inputs[] = {Value::Strings({3}, {"b", "?", "a"}), Value::Of<int64_t>({3}, {int64_t{1} << 40, 6, 5}),
                          Value::Of<float>({3}, {-2, 7, 0.5f})};
  const Value outputs[] = {Value::Strings({3}, {"b", "_Unused", "a"}),
                           Value::Of<int64_t>({3}, {int64_t{1} << 40, -1, 5}),
                           Value::Of<float>({3}, {-2, -0.0f, 0.5f})};
  const char* kinds[] = {"strings", "int64s", "floats"};
  for (size_t k = 0; k < 3; ++k) {
    for (size_t v = 0; v < 3; ++v) {
      AttributeSet attributes;
      add(attributes, std::string("keys_") + kinds[k]);
      add(attributes, std::string("values_") + kinds[v]);
      EXPECT_EQ("", CheckEverywhere("LabelEncoder", attributes, {inputs[k]}, {outputs[v]}))
          << kinds[k] << " to " << kinds[v];
    }
  }
}

TEST(LabelEncoder, TakesTensorsOfEveryType) {
  AttributeSet doubles;
  doubles.Tensor("keys_tensor", Value::Of<double>({3}, {0.1, 0.2, kNaN}))
      .Tensor("values_tensor", Value::Of<int16_t>({3}, {1, 2, 3}));
  doubles.Tensor("default_tensor", Value::Of<int16_t>({1}, {-7}));
  EXPECT_EQ("", CheckEverywhere("LabelEncoder", doubles, {Value::Of<double>({4}, {0.2, kNaN, 0.1f, 0.1})},
                                {Value::Of<int16_t>({4}, {2, 3, -7, 1})}));
  // What the engine has computed in f32 finds the keys as f32.
  EXPECT_EQ("", CheckEverywhere("LabelEncoder", doubles, {Value::Of<float>({2}, {0.1f, 0.3f})},
                                {Value::Of<int16_t>({2}, {1, -7})}));
  AttributeSet ints;
  ints.Tensor("keys_tensor", Value::Of<int32_t>({2}, {1, -1}))
      .Tensor("values_tensor", Value::Of<double>({2}, {0.1, 1e300}));
  EXPECT_EQ("", CheckEverywhere("LabelEncoder", ints, {Value::Of<int32_t>({3}, {-1, 1, 0})},
                                {Value::Of<double>({3}, {1e300, 0.1, -0.0})}));
  AttributeSet strings;
  strings.Tensor("keys_tensor", Value::Strings({1}, {"k"}))
      .Tensor("values_tensor", Value::Strings({1}, {"v"}))
      .String("default_string", "d");
  EXPECT_EQ("", CheckEverywhere("LabelEncoder", strings, {Value::Strings({2, 1}, {"k", ""})},
                                {Value::Strings({2, 1}, {"v", "d"})}));
}

TEST(LabelEncoder, VersionOneMapsBothWays) {
  const AttributeSet attributes = std::move(AttributeSet()
                                                .Strings("classes_strings", {"a", "b", "a"})
                                                .Int("default_int64", -5)
                                                .String("default_string", "none"));
  EXPECT_EQ("", CheckEverywhere("LabelEncoder", attributes, {Value::Strings({3}, {"a", "b", "c"})},
                                {Value::Of<int64_t>({3}, {2, 1, -5})}));
  EXPECT_EQ("", CheckEverywhere("LabelEncoder", attributes, {Value::Of<int64_t>({4}, {0, 1, 3, -1})},
                                {Value::Strings({4}, {"a", "b", "none", "none"})}));
}

TEST(LabelEncoder, OfARepeatedKeyTheFirstCountsAndNaNIsAKey) {
  const AttributeSet attributes =
      std::move(AttributeSet().Floats("keys_floats", {kNaN, 0, 0}).Ints("values_int64s", {10, 11, 12}));
  EXPECT_EQ("", CheckEverywhere("LabelEncoder", attributes, {Value::Of<float>({4}, {kNaN, -0.0f, 0, 1})},
                                {Value::Of<int64_t>({4}, {10, 11, 11, -1})}));
}

TEST(LabelEncoder, FindsAmongManyKeys) {
  const size_t n = 5000;
  auto keys = Ints(n, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
  std::vector<int64_t> values(n);
  for (size_t i = 0; i < n; ++i) values[i] = static_cast<int64_t>(i);
  const AttributeSet attributes = std::move(AttributeSet().Ints("keys_int64s", keys).Ints("values_int64s", values));
  keys.push_back(1);
  values.push_back(-1);
  EXPECT_EQ("", CheckEverywhere("LabelEncoder", attributes, {Rows(1, n + 1, keys)}, {Rows(1, n + 1, values)}));
}

TEST(LabelEncoder, FindsAmongKeysThatLieCloseTogether) {
  const AttributeSet attributes =
      std::move(AttributeSet().Ints("keys_int64s", {-3, 0, 1, 900}).Ints("values_int64s", {1, 2, 3, 4}));
  EXPECT_EQ(
      "", CheckEverywhere("LabelEncoder", attributes, {Value::Of<int64_t>({8}, {-3, -4, 0, 1, 2, 900, 901, INT64_MIN})},
                          {Value::Of<int64_t>({8}, {1, -1, 2, 3, -1, 4, -1, -1})}));
}

TEST(LabelEncoder, RefusesWhatDoesNotFit) {
  const AttributeSet uneven = std::move(AttributeSet().Strings("keys_strings", {"a"}).Ints("values_int64s", {1, 2}));
  EXPECT_FAILS("1 keys and 2 values", "LabelEncoder", uneven, {Value::Strings({1}, {"a"})});
  const AttributeSet two =
      std::move(AttributeSet().Strings("keys_strings", {"a"}).Ints("keys_int64s", {1}).Ints("values_int64s", {1}));
  EXPECT_FAILS("keys are given in 2 attributes", "LabelEncoder", two, {Value::Strings({1}, {"a"})});
  const AttributeSet none;
  EXPECT_FAILS("keys are given in 0 attributes", "LabelEncoder", none, {Value::Strings({1}, {"a"})});
  const AttributeSet strings = std::move(AttributeSet().Strings("keys_strings", {"a"}).Ints("values_int64s", {1}));
  EXPECT_FAILS("the input is f32, the keys are string", "LabelEncoder", strings, {Value::Of<float>({1}, {1})});
  AttributeSet wrong_default;
  wrong_default.Strings("keys_strings", {"a"})
      .Ints("values_int64s", {1})
      .Tensor("default_tensor", Value::Of<float>({1}, {1}));
  EXPECT_FAILS("default_tensor is 1 of f32, expected one i64", "LabelEncoder", wrong_default,
               {Value::Strings({1}, {"a"})});
}

}  // namespace
}  // namespace lamina::layers
