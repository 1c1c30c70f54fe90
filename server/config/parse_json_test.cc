#include "server/config/parse_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace lamina::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string ErrorOf(std::string_view text) {
  simdjson::dom::parser parser;
  return std::string(ParseJson(text, parser).status().message());
}

TEST(ParseJsonTest, TakesJsonWithAndWithoutAByteOrderMark) {
  simdjson::dom::parser parser;
  for (const char* text : {"{\"a\": 7}", "\xEF\xBB\xBF{\"a\": 7}\r\n"}) {
    const auto root = ParseJson(text, parser);
    ASSERT_TRUE(root.ok()) << root.status();
    int64_t a = 0;
    EXPECT_EQ((*root)["a"].get(a), simdjson::SUCCESS);
    EXPECT_EQ(a, 7);
  }
  EXPECT_EQ(ErrorOf("[18446744073709551615, -9223372036854775808, 1e308, -0, 0.5E-3]"), "");
}

TEST(ParseJsonTest, SaysWhatIsWrongAndWhere) {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"", "expected a value, got the end of the text, at line 1, column 1"},
      {" \n", "expected a value, got the end of the text, at line 2, column 1"},
      {"These are our models.\n", "expected a value, got These, at line 1, column 1"},
      {"{\n  \"a\": 1\n  \"b\": 2\n}", "expected ',' or '}', got \"b\":, at line 3, column 3"},
      {"{\n  \"a\": [1, 2,],\n}",
       "expected a value, got ] behind a comma, which is one too many, at line 2, column 14"},
      {"{\n  \"a\": 1,\n}",
       "expected a key in double quotes, got } behind a comma, which is one too many, at line 3, column 1"},
      {"{\n  \"a\": {\"b\": 1", "expected ',' or '}', got the end of the text, at line 2, column 15"},
      {"{\"a\": \"b", "a string is not closed, it begins, at line 1, column 7"},
      {"{'a': 1}", "expected a key in double quotes, got 'a':, at line 1, column 2"},
      {"{\"a\": True}", "expected a value, got True, at line 1, column 7"},
      {"{\"a\" 1}", "expected ':' behind a key, got 1, at line 1, column 6"},
      {"// models\n{}", "expected a value, got //, and JSON has no comments, at line 1, column 1"},
      {"{}\n}", "expected nothing behind the end of the value, got }, at line 2, column 1"},
      {"\xEF\xBB\xBF{,}", "expected a key in double quotes, got ,, at line 1, column 2"},
      {"[\n\"\xFF\"]", "a string is not UTF-8, it begins, at line 2, column 1"},
      {std::string_view("\xFF\xFE{\0}\0", 6), "it is UTF-16; save it as UTF-8"},
  };
  for (const auto& [text, error] : kCases) EXPECT_EQ(ErrorOf(text), "not valid JSON: " + std::string(error)) << text;
}

TEST(ParseJsonTest, NumbersThatAreTooGreatHaveTheirPlace) {
  EXPECT_THAT(ErrorOf("{\"a\": 1.5,\n\"b\": 18446744073709551616}"),
              HasSubstr("18446744073709551616 does not fit a 64-bit unsigned integer, at line 2, column 6"));
  EXPECT_THAT(ErrorOf("[-9223372036854775809]"),
              HasSubstr("does not fit a 64-bit signed integer, at line 1, column 2"));
  EXPECT_THAT(ErrorOf("[1,\n2e999]"), HasSubstr("2e999 does not fit a 64-bit float, at line 2, column 1"));
}

TEST(ParseJsonTest, TooDeepIsAnErrorToo) {
  EXPECT_THAT(ErrorOf(std::string(5000, '[')), StartsWith("not valid JSON: more than 64 arrays"));
}

}  // namespace
}  // namespace lamina::server
