#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

const AttributeSet kNone;

TEST(ArrayFeatureExtractor, TakesPlacesOfEveryType) {
  const Value places = Value::Of<int64_t>({1, 3}, {2, 0, 2});
  EXPECT_EQ("", CheckEverywhere("ArrayFeatureExtractor", kNone, {Rows<float>(2, 3, {1, 2, 3, 4, 5, 6}), places},
                                {Rows<float>(2, 3, {3, 1, 3, 6, 4, 6})}));
  EXPECT_EQ("", CheckEverywhere("ArrayFeatureExtractor", kNone, {Rows<double>(1, 3, {.1, .2, .3}), places},
                                {Rows<double>(1, 3, {.3, .1, .3})}));
  EXPECT_EQ("", CheckEverywhere("ArrayFeatureExtractor", kNone, {Rows<int64_t>(1, 3, {1, 2, int64_t{1} << 40}), places},
                                {Rows<int64_t>(1, 3, {int64_t{1} << 40, 1, int64_t{1} << 40})}));
  EXPECT_EQ(
      "", CheckEverywhere("ArrayFeatureExtractor", kNone,
                          {Rows<int32_t>(1, 3, {1, 2, 3}), Value::Of<int32_t>({1}, {1})}, {Rows<int32_t>(1, 1, {2})}));
  EXPECT_EQ("", CheckEverywhere("ArrayFeatureExtractor", kNone, {Value::Strings({3}, {"a", "b", "c"}), places},
                                {Value::Strings({1, 3}, {"c", "a", "c"})}));
  EXPECT_EQ("", CheckEverywhere("ArrayFeatureExtractor", kNone,
                                {Value::Of<float>({2, 1, 2}, {1, 2, 3, 4}), Value::Of<int64_t>({1}, {1})},
                                {Value::Of<float>({2, 1, 1}, {2, 4})}));
  EXPECT_EQ("",
            CheckEverywhere("ArrayFeatureExtractor", kNone, {Rows<float>(0, 3, {}), places}, {Rows<float>(0, 3, {})}));
}

TEST(ArrayFeatureExtractor, RefusesWhatDoesNotFit) {
  EXPECT_FAILS("place 1 is 3, the input has 3 features", "ArrayFeatureExtractor", kNone,
               {Rows<float>(1, 3, {1, 2, 3}), Value::Of<int64_t>({2}, {0, 3})});
  EXPECT_FAILS("place 0 is -1", "ArrayFeatureExtractor", kNone,
               {Rows<float>(1, 3, {1, 2, 3}), Value::Of<int64_t>({1}, {-1})});
  EXPECT_FAILS("no places", "ArrayFeatureExtractor", kNone,
               {Rows<float>(1, 3, {1, 2, 3}), Value::Of<int64_t>({0}, {})});
}

}  // namespace
}  // namespace lamina::layers
