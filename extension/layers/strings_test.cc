// StringConcat, StringSplit, StringNormalizer, RegexFullMatch, and Equal of strings.
#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

const AttributeSet kNone;

TEST(StringConcat, Broadcasts) {
  EXPECT_EQ("", CheckEverywhere("StringConcat", kNone,
                                {Value::Strings({2, 2}, {"a", "b", "c", ""}), Value::Strings({2}, {"x", "é"})},
                                {Value::Strings({2, 2}, {"ax", "bé", "cx", "é"})}));
  EXPECT_EQ("", CheckEverywhere("StringConcat", kNone, {Value::Strings({}, {"a"}), Value::Strings({2, 1}, {"x", "y"})},
                                {Value::Strings({2, 1}, {"ax", "ay"})}));
  EXPECT_EQ("", CheckEverywhere("StringConcat", kNone, {Value::Strings({0}, {}), Value::Strings({1}, {"x"})},
                                {Value::Strings({0}, {})}));
  EXPECT_FAILS("dimensions 2 and 3 (number 1 from the end) don't fit", "StringConcat", kNone,
               {Value::Strings({2}, {"a", "b"}), Value::Strings({3}, {"", "", ""})});
}

TEST(StringSplit, SplitsAtBlanksAndDelimiters) {
  const auto check = [](const AttributeSet& attributes, Value x, Value y, std::vector<int64_t> z) {
    const Value counts = Value::Of<int64_t>(x.dims, z);
    EXPECT_EQ("", CheckEverywhere("StringSplit", attributes, {x}, {y, counts}));
  };
  check(kNone, Value::Strings({3}, {" a  b ", "", "c,d"}), Value::Strings({3, 2}, {"a", "b", "", "", "c,d", ""}),
        {2, 0, 1});
  check(std::move(AttributeSet().String("delimiter", ",")), Value::Strings({3}, {"a,,b", "", ","}),
        Value::Strings({3, 3}, {"a", "", "b", "", "", "", "", "", ""}), {3, 0, 2});
  check(std::move(AttributeSet().Int("maxsplit", 1)), Value::Strings({1}, {" a  b  c "}),
        Value::Strings({1, 2}, {"a", "b  c"}), {2});
  check(std::move(AttributeSet().String("delimiter", "--").Int("maxsplit", 1)), Value::Strings({1}, {"a--b--c"}),
        Value::Strings({1, 2}, {"a", "b--c"}), {2});
  check(kNone, Value::Strings({0, 3}, {}), Value::Strings({0, 3, 0}, {}), {});
  check(kNone, Value::Strings({1}, {"   "}), Value::Strings({1, 0}, {}), {0});
}

AttributeSet Words(const char* action, int64_t sensitive, std::vector<std::string> stops) {
  return std::move(AttributeSet()
                       .String("case_change_action", action)
                       .Int("is_case_sensitive", sensitive)
                       .Strings("stopwords", std::move(stops)));
}

TEST(StringNormalizer, ChangesCaseAndLeavesOutStopWords) {
  const Value x = Value::Strings({3}, {"Monday", "tuesday", "ÄÖ"});
  const auto check = [&](const AttributeSet& attributes, std::vector<std::string> y) {
    const auto n = static_cast<int64_t>(y.size());
    EXPECT_EQ("", CheckEverywhere("StringNormalizer", attributes, {x}, {Value::Strings({n}, y)}));
  };
  check(kNone, {"Monday", "tuesday", "ÄÖ"});
  check(Words("LOWER", 0, {}), {"monday", "tuesday", "äö"});
  check(Words("UPPER", 1, {}), {"MONDAY", "TUESDAY", "ÄÖ"});
  check(Words("NONE", 0, {"monday"}), {"tuesday", "ÄÖ"});
  check(Words("NONE", 1, {"monday"}), {"Monday", "tuesday", "ÄÖ"});
  check(Words("UPPER", 0, {"monday", "äö"}), {"TUESDAY"});
  check(Words("LOWER", 1, {"Monday", "tuesday", "ÄÖ"}), {""});
  EXPECT_EQ("", CheckEverywhere("StringNormalizer", Words("LOWER", 0, {"a"}), {Value::Strings({1, 2}, {"A", "B"})},
                                {Value::Strings({1, 1}, {"b"})}));
  EXPECT_EQ("", CheckEverywhere("StringNormalizer", Words("LOWER", 0, {}), {Value::Strings({0}, {})},
                                {Value::Strings({0}, {})}));
}

TEST(StringNormalizer, AnEmptyWordCanBeAStopWord) {
  EXPECT_EQ("", CheckEverywhere("StringNormalizer", Words("NONE", 0, {""}), {Value::Strings({3}, {"", "a", ""})},
                                {Value::Strings({1}, {"a"})}));
}

TEST(StringNormalizer, RefusesWhatDoesNotFit) {
  const Value x = Value::Strings({1}, {"a"});
  EXPECT_FAILS("case_change_action is 'TITLE'", "StringNormalizer", Words("TITLE", 0, {}), {x});
  EXPECT_FAILS("the input has 2 rows", "StringNormalizer", kNone, {Value::Strings({2, 1}, {"a", "b"})});
  EXPECT_FAILS("element 0 is no UTF-8", "StringNormalizer", kNone, {Value::Strings({1}, {"\xFF"})});
  const AttributeSet turkish = std::move(AttributeSet().String("locale", "tr_TR"));
  EXPECT_FAILS("locale is 'tr_TR'", "StringNormalizer", turkish, {x});
}

TEST(RegexFullMatch, MatchesEachElement) {
  const AttributeSet attributes =
      std::move(AttributeSet().String("pattern", "(\\W|^)[\\w.\\-]{0,25}@(yahoo|gmail)\\.com(\\W|$)"));
  EXPECT_EQ(
      "", CheckEverywhere(
              "RegexFullMatch", attributes,
              {Value::Strings({2, 2}, {"account@gmail.com", "account@hotmail.com", "not email", "account@yahoo.com"})},
              {Value::Of<bool>({2, 2}, {true, false, false, true})}));
  EXPECT_EQ("", CheckEverywhere("RegexFullMatch", attributes, {Value::Strings({0}, {})}, {Value::Of<bool>({0}, {})}));
  const AttributeSet bad = std::move(AttributeSet().String("pattern", "(a"));
  EXPECT_FAILS("a ( without its )", "RegexFullMatch", bad, {Value::Strings({1}, {"a"})});
}

TEST(Equal, ComparesStringsAndWideNumbers) {
  EXPECT_EQ("",
            CheckEverywhere("Equal", kNone, {Value::Strings({2, 1}, {"a", "b"}), Value::Strings({3}, {"b", "", "a"})},
                            {Value::Of<bool>({2, 3}, {false, false, true, true, false, false})}));
  EXPECT_EQ(
      "", CheckEverywhere("Equal", kNone,
                          {Value::Of<int64_t>({1}, {int64_t{1} << 40}), Value::Of<int64_t>({2}, {0, int64_t{1} << 40})},
                          {Value::Of<bool>({2}, {false, true})}));
}

}  // namespace
}  // namespace lamina::layers
