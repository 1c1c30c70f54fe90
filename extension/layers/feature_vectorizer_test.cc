#include <limits>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

TEST(FeatureVectorizer, PutsInputsSideBySide) {
  const AttributeSet attributes = std::move(AttributeSet().Ints("inputdimensions", {2, 1, 3, 1}));
  const std::vector<Value> inputs = {Rows<float>(2, 2, {1, 2, 3, 4}), Rows<int64_t>(2, 2, {5, 99, 6, 99}),
                                     Rows<double>(2, 1, {0.5, 0.25}), Rows<int32_t>(2, 1, {7, 8})};
  EXPECT_EQ("", CheckEverywhere("FeatureVectorizer", attributes, inputs,
                                {Rows<float>(2, 7, {1, 2, 5, 0.5f, 0, 0, 7, 3, 4, 6, 0.25f, 0, 0, 8})}));
}

TEST(FeatureVectorizer, TakesOneRowAndNone) {
  const AttributeSet attributes = std::move(AttributeSet().Ints("inputdimensions", {2, 1}));
  EXPECT_EQ(
      "", CheckEverywhere("FeatureVectorizer", attributes, {Value::Of<float>({2}, {1, 2}), Value::Of<float>({1}, {3})},
                          {Rows<float>(1, 3, {1, 2, 3})}));
  EXPECT_EQ("", CheckEverywhere("FeatureVectorizer", attributes, {Rows<float>(0, 2, {}), Rows<float>(0, 1, {})},
                                {Rows<float>(0, 3, {})}));
}

TEST(FeatureVectorizer, RefusesWhatDoesNotFit) {
  const AttributeSet two = std::move(AttributeSet().Ints("inputdimensions", {2, 1}));
  EXPECT_FAILS("2 inputdimensions for 1 inputs", "FeatureVectorizer", two, {Rows<float>(1, 2, {1, 2})});
  EXPECT_FAILS("input 1 has 2 rows, others have 1", "FeatureVectorizer", two,
               {Rows<float>(1, 2, {1, 2}), Rows<float>(2, 1, {1, 2})});
}

TEST(FeatureVectorizer, CountsThatOverflowAndAbsentInputsAreRefused) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const Value x = Rows<float>(1, 1, {1});
  EXPECT_FAILS("expected 0 to", "FeatureVectorizer",
               std::move(AttributeSet().Ints("inputdimensions", {kMost, kMost, 3})), {x, x, x});
  EXPECT_FAILS("input 1 'x' is missing", "FeatureVectorizer",
               std::move(AttributeSet().Ints("inputdimensions", {1, 1, 1})), {x, Value::Absent(), x});
  EXPECT_FAILS("0 inputdimensions for 0 inputs", "FeatureVectorizer",
               std::move(AttributeSet().Ints("inputdimensions", {})), {});
}

}  // namespace
}  // namespace lamina::layers
