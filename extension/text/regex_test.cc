#include "extension/text/regex.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

struct Case {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST(Regex, MatchesTheWholeText) {
  const Case cases[] = {
      {"", "", true},
      {"", "a", false},
      {"abc", "abc", true},
      {"abc", "abcd", false},
      {"a|bc|", "bc", true},
      {"a|bc|", "", true},
      {"a*", "aaaa", true},
      {"a+?b??", "aab", true},
      {"(a|b)*c", "ababc", true},
      {"(a*)*", "aaa", true},
      {"a{2,3}", "a", false},
      {"a{2,3}", "aaa", true},
      {"a{2,3}", "aaaa", false},
      {"a{2,}", "aaaaaa", true},
      {"a{2}", "aa", true},
      {"a{0}b", "b", true},
      {"a{,2}", "a{,2}", true},
      {"x{", "x{", true},
      {"a.c", "a\nc", false},
      {"(?s)a.c", "a\nc", true},
      {"(?s:a.)c.", "a\nc\n", false},
      {"[a-c]x[^a-c]", "bxd", true},
      {"[^a]", "\n", true},
      {"[]a]", "]", true},
      {"[a-]", "-", true},
      {"[\\d_]+", "12_3", true},
      {"[[:alpha:][:digit:]]+", "ab1", true},
      {"[[:^alpha:]]", "1", true},
      {"\\w+@\\w+\\.com", "joe@example.com", true},
      {"\\S\\s\\D\\d\\W", "a b1-", true},
      {"\\Qa.b*\\E+", "a.b***", true},
      {"\\x41\\x{42}\\103\\t", "ABC\t", true},
      {"(?P<year>\\d{4})-(?:\\d\\d)", "2026-11", true},
      {"(?i)straße", "STRAßE", true},
      {"(?i)[k]", "\xE2\x84\xAA", true},  // the Kelvin sign
      {"(?i)[^k]", "\xE2\x84\xAA", false},
      {"a(?i)b|c", "C", true},
      {"(?i:a)b", "AB", false},
      {"é+", "éé", true},
      {"[à-ü]", "é", true},
      {".", "é", true},
      {".", "\xFF", true},
      {"\\p{L}+", "aÜβя漢", true},
      {"\\pL+\\pN", "é٣", true},
      {"\\p{Lu}", "ä", false},
      {"(?i)\\p{Lu}", "ä", true},
      {"(?i)\\P{Lu}", "ä", false},
      {"[^\\p{Lu}1-3]", "ä", true},
      {"[\\P{Lu}]", "Ä", false},
      {"[\\p{L}\\p{Nd}_]+", "ä_4", true},
      {"\\p{^L}", "!", true},
      {"\\P{^L}", "x", true},
      {"\\p{P}+", "!¿«", true},
      {"\\p{P}", "+", false},
      {"\\p{C}", "\xCD\xB8", false},  // U+0378, which is not assigned
      {"\\p{Any}", "\xCD\xB8", true},
      {"\\p{Zs}\\s", "\xC2\xA0 ", true},
      {"\\s", "\xC2\xA0", false},
      {"^abc$", "abc", true},
      {"a$b", "ab", false},
      {"\\Aab\\z", "ab", true},
      {"(?m)a$\\n^b", "a\nb", true},
      {"a\\n^b", "a\nb", false},
      {"\\bab\\b", "ab", true},
      {"a\\Bb", "ab", true},
      {"a\\b-", "a-", true},
      {"www\\.[\\w.-]+\\.\\bcom\\b", "www.google.com", true},
      {"(\\W|^)[\\w.\\-]{0,25}@(yahoo|gmail)\\.com(\\W|$)", "account@gmail.com", true},
      {"(\\W|^)[\\w.\\-]{0,25}@(yahoo|gmail)\\.com(\\W|$)", "not email", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(c.matches, Regex(c.pattern).Matches(c.text)) << c.pattern << " against " << c.text;
  }
}

TEST(Regex, RefusesWhatItDoesNotKnow) {
  for (const char* pattern :
       {"(",       ")",       "[",           "[a",    "a**",  "*",          "a{2}{3}", "(?=a)", "(?<=a)",
        "\\1",     "\\p{Cn}", "\\p{L",       "\\p",   "\\pl", "\\p{Greek}", "\\",      "[b-a]", "[[:nothing:]]",
        "a{1001}", "a{3,2}",  "\\x{110000}", "\\xg0", "\\y",  "(?P<a",      "(?k)"}) {
    EXPECT_THROW(Regex{pattern}, std::invalid_argument) << pattern;
  }
  try {
    const Regex regex("ab(c");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ("regular expression 'ab(c', character 4: a ( without its )", error.what());
  }
}

TEST(Regex, IsNotSlowOnWhatMakesBacktrackingSlow) {
  const std::string text(5000, 'a');
  EXPECT_FALSE(Regex("(a*)*b").Matches(text));
  EXPECT_FALSE(Regex("(a|aa)+$b").Matches(text));
}

TEST(Regex, RepeatsNothingInNoTime) {
  std::string nothing = "()";
  for (int i = 0; i < 100; ++i) nothing = "((?:a{0})" + nothing + "{1000})";
  EXPECT_TRUE(Regex(nothing + "{1000}b").Matches("b"));
}

TEST(Regex, RefusesAnAutomatonThatWouldNotFit) {
  EXPECT_THROW(Regex("(a|b)*a(a|b){20}"), std::invalid_argument);
  EXPECT_THROW(Regex("((a{1000}){1000}){1000}"), std::invalid_argument);
  std::string ranges;
  for (char32_t c = 0x4E00; c < 0x4E00 + 6000; c += 2) Append(c, ranges);
  EXPECT_THROW(Regex("([" + ranges + "]{90}){90}"), std::invalid_argument) << "8,100 states of 6,000 moves";
  EXPECT_THROW(Regex("(a{0,90}b{0,90}){50}"), std::invalid_argument) << "9,000 states of 9,000 places";
}

}  // namespace
}  // namespace lamina::text
