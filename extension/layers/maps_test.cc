// The three layers whose operators have maps: ZipMap, DictVectorizer, CastMap.
#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

TEST(ZipMap, IsTheScores) {
  const AttributeSet attributes = std::move(AttributeSet().Strings("classlabels_strings", {"a", "b"}));
  EXPECT_EQ(
      "", CheckEverywhere("ZipMap", attributes, {Rows<float>(2, 2, {1, 2, 3, 4})}, {Rows<float>(2, 2, {1, 2, 3, 4})}));
  EXPECT_EQ("", CheckEverywhere("ZipMap", attributes, {Value::Of<float>({2}, {1, 2})}, {Rows<float>(1, 2, {1, 2})}));
  EXPECT_FAILS("the input has 3 features, the model was made for 2", "ZipMap", attributes,
               {Rows<float>(1, 3, {1, 2, 3})});
  const AttributeSet none;
  EXPECT_FAILS("0 string labels and 0 integer labels", "ZipMap", none, {Rows<float>(1, 1, {1})});
}

TEST(DictVectorizer, IsTheValues) {
  const AttributeSet strings = std::move(AttributeSet().Strings("string_vocabulary", {"a", "b"})),
                     ints = std::move(AttributeSet().Ints("int64_vocabulary", {1, 2}));
  EXPECT_EQ("", CheckEverywhere("DictVectorizer", strings, {Rows<float>(2, 2, {1, 2, 3, 4})},
                                {Rows<float>(2, 2, {1, 2, 3, 4})}));
  EXPECT_EQ("",
            CheckEverywhere("DictVectorizer", ints, {Rows<double>(1, 2, {.1, .2})}, {Rows<double>(1, 2, {.1, .2})}));
  EXPECT_EQ("", CheckEverywhere("DictVectorizer", ints, {Value::Strings({1, 2}, {"x", ""})},
                                {Value::Strings({1, 2}, {"x", ""})}));
  EXPECT_EQ("", CheckEverywhere("DictVectorizer", strings, {Rows<int64_t>(1, 2, {int64_t{1} << 40, 2})},
                                {Rows<int64_t>(1, 2, {int64_t{1} << 40, 2})}));
  EXPECT_FAILS("the input has 1 features, the model was made for 2", "DictVectorizer", ints, {Rows<float>(1, 1, {1})});
}

AttributeSet To(const char* type, const char* form = "DENSE", int64_t max_map = 1) {
  return std::move(AttributeSet().String("cast_to", type).String("map_form", form).Int("max_map", max_map));
}

TEST(CastMap, CastsValues) {
  const Value floats = Rows<float>(1, 3, {1.5f, -2.5f, 0}), strings = Value::Strings({1, 3}, {" 1", "-2", "+3"});
  EXPECT_EQ("", CheckEverywhere("CastMap", To("TO_FLOAT"), {floats}, {floats}));
  EXPECT_EQ("", CheckEverywhere("CastMap", To("TO_INT64"), {floats}, {Rows<int64_t>(1, 3, {1, -2, 0})}));
  EXPECT_EQ("", CheckEverywhere("CastMap", To("TO_STRING"), {floats},
                                {Value::Strings({1, 3}, {"1.500000", "-2.500000", "0.000000"})}));
  EXPECT_EQ("", CheckEverywhere("CastMap", To("TO_FLOAT"), {strings}, {Rows<float>(1, 3, {1, -2, 3})}));
  EXPECT_EQ("", CheckEverywhere("CastMap", To("TO_INT64"), {strings}, {Rows<int64_t>(1, 3, {1, -2, 3})}));
  EXPECT_EQ("", CheckEverywhere("CastMap", To("TO_STRING"), {strings}, {strings}));
}

TEST(CastMap, FillsSparseMapsUp) {
  const Value floats = Rows<float>(2, 1, {7, 8});
  EXPECT_EQ("",
            CheckEverywhere("CastMap", To("TO_FLOAT", "SPARSE", 3), {floats}, {Rows<float>(2, 3, {7, 0, 0, 8, 0, 0})}));
  EXPECT_EQ("", CheckEverywhere("CastMap", To("TO_STRING", "SPARSE", 2), {floats},
                                {Value::Strings({2, 2}, {"7.000000", "0.f", "8.000000", "0.f"})}));
}

TEST(CastMap, RefusesWhatDoesNotFit) {
  const Value x = Rows<float>(1, 2, {1, 2});
  EXPECT_FAILS("cast_to is 'TO_BOOL'", "CastMap", To("TO_BOOL"), {x});
  EXPECT_FAILS("map_form is 'THIN'", "CastMap", To("TO_FLOAT", "THIN"), {x});
  EXPECT_FAILS("2 columns, map_form SPARSE allows max_map=1", "CastMap", To("TO_FLOAT", "SPARSE"), {x});
  EXPECT_FAILS("'x' is not a number of the type f32", "CastMap", To("TO_FLOAT"), {Value::Strings({1, 1}, {"x"})});
}

}  // namespace
}  // namespace lamina::layers
