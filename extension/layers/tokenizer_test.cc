#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

AttributeSet By(std::vector<std::string> separators, const std::string& tokenexp = "", int64_t mark = 0,
                int64_t least = 1) {
  AttributeSet set;
  set.Int("mark", mark).Int("mincharnum", least).String("pad_value", "#");
  if (!separators.empty()) set.Strings("separators", std::move(separators));
  if (!tokenexp.empty()) set.String("tokenexp", tokenexp);
  return set;
}

TEST(Tokenizer, CutsAsOnnxruntimeDoes) {
  const auto check = [](const AttributeSet& attributes, std::vector<std::string> x, int64_t width,
                        std::vector<std::string> y) {
    const auto n = static_cast<int64_t>(x.size());
    EXPECT_EQ("", CheckEverywhere("Tokenizer", attributes, {Value::Strings({n}, x)}, {Value::Strings({n, width}, y)}))
        << x[0];
    EXPECT_EQ("",
              CheckEverywhere("Tokenizer", attributes, {Value::Strings({1, n}, x)}, {Value::Strings({1, n, width}, y)}))
        << x[0];
  };
  check(By({" "}), {"a bc  d", "", "xyz"}, 3, {"a", "bc", "d", "#", "#", "#", "xyz", "#", "#"});
  check(By({" "}, "", 1), {"a bc  d", "", "xyz"}, 5,
        {"\x02", "a", "bc", "d", "\x03", "\x02", "\x03", "#", "#", "#", "\x02", "xyz", "\x03", "#", "#"});
  check(By({}, "[a-z]+"), {"a bc  d", "", "xyz"}, 3, {"a", "bc", "d", "#", "#", "#", "xyz", "#", "#"});
  check(By({}, "."), {"héé a", "b"}, 5, {"h", "é", "é", " ", "a", "b", "#", "#", "#", "#"});
  check(By({""}, "", 1), {"hé", "b"}, 4, {"\x02", "h", "é", "\x03", "\x02", "b", "\x03", "#"});
  check(By({"--", "-"}), {"a--b-c"}, 3, {"a", "b", "c"});
  check(By({"X+", "b"}), {"aXXbXc"}, 2, {"a", "c"});
  check(By({" "}, "", 0, 2), {"ab cde f"}, 2, {"ab", "cde"});
  check(By({}, "[a-z]+", 0, 2), {"ab cde f"}, 2, {"ab", "cde"});
  check(By({}, "[a-z]+", 1), {"", ""}, 0, {});
  check(By({"x*"}), {"ab"}, 0, {});
  check(By({}, "a*"), {"aab"}, 1, {"aa"});
}

TEST(Tokenizer, TakesNoTimeThatGrowsWithTheTextsSquare) {
  const Value x = Value::Strings({1}, {std::string(1 << 15, 'a')}), none = Value::Strings({1, 0}, {});
  EXPECT_EQ("", CheckEverywhere("Tokenizer", By({}, "[a-z]+1"), {x}, {none}));
  EXPECT_EQ("", CheckEverywhere("Tokenizer", By({}, "[a-z]+", 0, 1 << 20), {x}, {none}));
  EXPECT_FAILS("Tokenizer: finding a regular expression in a text of 32768 bytes takes more than", "Tokenizer",
               By({}, "(a{1000}a{1000}a{1000}a{1000})*b"), {x});
}

TEST(Tokenizer, TakesNoTexts) {
  EXPECT_EQ("", CheckEverywhere("Tokenizer", By({" "}), {Value::Strings({0, 2}, {})}, {Value::Strings({0, 2, 0}, {})}));
  EXPECT_EQ("", CheckEverywhere("Tokenizer", By({" "}), {Value::Strings({0}, {})}, {Value::Strings({0, 0}, {})}));
}

TEST(Tokenizer, RefusesWhatDoesNotFit) {
  const Value x = Value::Strings({1}, {"a"});
  EXPECT_FAILS("neither tokenexp nor separators", "Tokenizer", By({}), {x});
  EXPECT_FAILS("mincharnum is 0", "Tokenizer", By({" "}, "", 0, 0), {x});
  EXPECT_FAILS("mincharnum is 2, expected 1 to cut into characters", "Tokenizer", By({}, ".", 0, 2), {x});
  EXPECT_FAILS("a [ without its ]", "Tokenizer", By({}, "[a"), {x});
  EXPECT_FAILS("element 0 is no UTF-8", "Tokenizer", By({" "}), {Value::Strings({1}, {"\xC3"})});
  EXPECT_FAILS("the input has 3 dimensions", "Tokenizer", By({" "}), {Value::Strings({1, 1, 1}, {"a"})});
}

}  // namespace
}  // namespace lamina::layers
