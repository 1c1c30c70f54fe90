#include "extension/text/regex_search.h"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace lamina::text {
namespace {

std::vector<std::string> AllMatches(const std::string& pattern, const std::string& text) {
  const Regex regex(pattern);
  RegexSearch search(regex, text);
  std::vector<std::string> all;
  for (size_t from = 0; from <= text.size();) {
    const auto span = search.Find(from);
    if (!span) break;
    all.push_back(text.substr(span->begin, span->end - span->begin));
    from = span->end + (span->end == span->begin ? 1 : 0);
  }
  return all;
}

using Strings = std::vector<std::string>;

TEST(RegexSearch, FindsTheFirstAndLongest) {
  EXPECT_EQ((Strings{"Ab1", "c"}), AllMatches("[a-zA-Z0-9]+", "--Ab1, c"));
  EXPECT_EQ((Strings{"abcd"}), AllMatches("ab|abcd|abc", "xabcd"));
  EXPECT_EQ((Strings{"aa", "", "a", ""}), AllMatches("a*", "aaba"));
  EXPECT_EQ((Strings{"cat"}), AllMatches("\\bcat\\b", "concat cat scat"));
  EXPECT_EQ((Strings{"a"}), AllMatches("^a", "aa"));
  EXPECT_EQ((Strings{"a", "a"}), AllMatches("(?m)^a", "aa\na"));
  EXPECT_EQ((Strings{"a"}), AllMatches("a$", "a\na"));
  EXPECT_EQ((Strings{"é", "ü"}), AllMatches("[^a-z]", "aébü"));
  EXPECT_EQ((Strings{}), AllMatches("x", ""));
}

/// The definition: of the first begin that has a match, the last end.
std::vector<std::string> AllByDefinition(const std::string& pattern, const std::string& text) {
  const Regex regex(pattern);
  std::vector<std::string> all;
  for (size_t begin = 0; begin <= text.size(); ++begin) {
    for (size_t end = text.size() + 1; end-- > begin;) {
      if (!regex.Matches(std::string_view(text).substr(begin, end - begin))) continue;
      all.push_back(text.substr(begin, end - begin));
      begin = end > begin ? end - 1 : begin;
      break;
    }
  }
  return all;
}

TEST(RegexSearch, FindsInLongTextsWhatTheDefinitionSays) {
  std::minstd_rand random(5);
  for (const int of_b : {2, 30, 1000}) {
    std::string text;
    for (int i = 0; i < 400; ++i) text += random() % of_b == 0 ? 'b' : 'a';
    for (const char* pattern :
         {"a*b", "a|a*b", "(ab)*", "a{3}|b", "(aa|b)+a?b", "b(a{5})*b", "a{100,}", "(a{7})*b|aa", "a+c|b"}) {
      EXPECT_EQ(AllByDefinition(pattern, text), AllMatches(pattern, text)) << pattern << " in " << text;
    }
  }
}

TEST(RegexSearch, TakesNoTimeThatGrowsWithTheTextsSquare) {
  const std::string text(1 << 20, 'a');
  EXPECT_TRUE(AllMatches("[a-z]+1", text).empty());
  EXPECT_EQ(AllMatches("a|a*b", text).size(), text.size());
  EXPECT_EQ(AllMatches("a|a*b", text + "b").size(), 1u);
}

TEST(RegexSearch, RefusesWhatWouldTakeTooLong) {
  const std::string text(30'000, 'a');
  try {
    AllMatches("(a{1000}a{1000}a{1000}a{1000})*b", text);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(
        "finding a regular expression in a text of 30000 bytes takes more than 1000 steps for each; give its "
        "repetitions "
        "smaller bounds, or cut the text",
        error.what());
  }
}

}  // namespace
}  // namespace lamina::text
