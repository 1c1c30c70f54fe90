#include "server/json/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// What is wrong with a text; empty when it is JSON.
std::string Check(std::string_view text) {
  JsonReader json(text);
  json.Skip() && json.Finish();
  return std::string(json.status().message());
}

template <typename T>
std::string ReadAs(std::string_view text, T& value) {
  JsonReader json(text);
  json.ReadNumber(value) && json.Finish();
  return std::string(json.status().message());
}

std::string ReadText(std::string_view text) {
  JsonReader json(text);
  std::string_view value;
  return json.ReadString(value) ? std::string(value) : std::string(json.status().message());
}

TEST(JsonReaderTest, ReadsWhatItIsTold) {
  JsonReader json(R"( {"n": [1, 2.5, -3e2], "s": "x", "b": false, "skipped": {"a": [null, true]}} )");
  std::vector<double> numbers;
  std::vector<std::string> keys;
  bool flag = true;
  std::string_view key, text;
  for (json.BeginObject(); json.NextMember(key);) {
    keys.emplace_back(key);
    if (key == "n") {
      for (json.BeginArray(); json.NextElement();) json.ReadNumber(numbers.emplace_back());
    } else if (key == "s") {
      EXPECT_EQ(json.Peek(), JsonKind::kString);
      json.ReadString(text);
    } else if (key == "b") {
      json.ReadBool(flag);
    } else {
      json.Skip();
    }
  }
  EXPECT_TRUE(json.Finish()) << json.status();
  EXPECT_THAT(keys, ElementsAre("n", "s", "b", "skipped"));
  EXPECT_THAT(numbers, ElementsAre(1, 2.5, -300));
  EXPECT_EQ(text, "x");
  EXPECT_FALSE(flag);
}

TEST(JsonReaderTest, TakesAllOfJson) {
  for (const char* text : {"{}", "[]", " [ ] ", "0", "-0", "1.5e-3", "1E+5", "\"\"", "true", "false", "null", "[[],{}]",
                           "{\"a\":{\"a\":[1,[2]]}}", "\t\r\n 1 ", "1e999"})
    EXPECT_EQ(Check(text), "") << text;
}

TEST(JsonReaderTest, RefusesEverythingElse) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "]",
                           "}",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{1:2}",
                           "{\"a\":1 \"b\":2}",
                           "tru",
                           "nul",
                           "True",
                           "01",
                           "-",
                           "-01",
                           "1.",
                           ".5",
                           "+1",
                           "1e",
                           "1e+",
                           "0x10",
                           "1.2.3",
                           "1..2",
                           "\"",
                           "\"\\\"",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\n\"",
                           "1 2",
                           "{} {}",
                           "[]]",
                           "// c\n1",
                           "'a'",
                           "[NaN]",
                           "[Infinity]",
                           "[-Infinity]",
                           "[nan]",
                           "\xEF\xBB\xBF{}"})
    EXPECT_NE(Check(text), "") << text;
}

TEST(JsonReaderTest, SaysWhatAndWhere) {
  EXPECT_EQ(Check("[1, NaN]"),
            "expected a value, got NaN, which JSON does not have, at byte 4; send tensors with NaN or infinities in "
            "binary, or over gRPC");
  EXPECT_EQ(Check("[1 2]"), "expected ',' or ']', got 2, at byte 3");
  EXPECT_EQ(Check("{\"a\": 1} x"), "expected nothing behind the end of the value, got x, at byte 9");
  EXPECT_EQ(Check("[1, 2"), "expected ',' or ']', got the end of the text, at byte 5");
  EXPECT_EQ(Check("{\"a\" 1}"), "expected ':' behind a key, got 1, at byte 5");
  EXPECT_EQ(Check("[\"abc"), "a string is not closed, it begins, at byte 1");
  EXPECT_EQ(Check("\x01"), "expected a value, got ?, at byte 0");
}

TEST(JsonReaderTest, AFileIsNotAskedToBeSentInBinary) {
  JsonReader json("[NaN]", JsonPlaces::kLines);
  json.Skip();
  EXPECT_EQ(std::string(json.status().message()),
            "expected a value, got NaN, which JSON does not have, at line 1, column 2");
}

TEST(JsonReaderTest, RemarksOnWhatOtherLanguagesHave) {
  EXPECT_EQ(Check("[1, ]"), "expected a value, got ] behind a comma, which is one too many, at byte 4");
  EXPECT_EQ(Check("{\"a\":1,}"),
            "expected a key in double quotes, got } behind a comma, which is one too many, at byte 7");
  EXPECT_EQ(Check("[1 }"), "expected ',' or ']', got }, at byte 3");
  EXPECT_EQ(Check("[1, // one"), "expected a value, got //, and JSON has no comments, at byte 4");
  EXPECT_EQ(Check("# x"), "expected a value, got #, and JSON has no comments, at byte 0");
}

TEST(JsonReaderTest, SaysInWhichLineAndColumn) {
  const auto check = [](std::string_view text) {
    JsonReader json(text, JsonPlaces::kLines);
    json.Skip() && json.Finish();
    return std::string(json.status().message());
  };
  EXPECT_EQ(check("x"), "expected a value, got x, at line 1, column 1");
  EXPECT_EQ(check("[1,\r\n  2\r\n 3]"), "expected ',' or ']', got 3, at line 3, column 2");
  EXPECT_EQ(check("[\n\"\u00e4\u4e2d\" 1]"), "expected ',' or ']', got 1, at line 2, column 6");
  EXPECT_EQ(check("[1\n"), "expected ',' or ']', got the end of the text, at line 2, column 1");
  EXPECT_EQ(check("[\n \"a"), "a string is not closed, it begins, at line 2, column 2");
}

TEST(JsonReaderTest, TheFirstErrorStays) {
  JsonReader json("[x, y]");
  double value = 0;
  for (json.BeginArray(); json.NextElement();) json.ReadNumber(value);
  EXPECT_FALSE(json.ReadNumber(value));
  EXPECT_FALSE(json.Finish());
  EXPECT_THAT(std::string(json.status().message()), StartsWith("expected a number, got x"));
}

TEST(JsonReaderTest, DepthIsBounded) {
  const int most = JsonReader::kMaxDepth;
  EXPECT_EQ(Check(std::string(most, '[') + std::string(most, ']')), "");
  EXPECT_THAT(Check(std::string(most + 1, '[') + std::string(most + 1, ']')), HasSubstr("more than 64 arrays"));
  EXPECT_THAT(Check(std::string(1000000, '[')), HasSubstr("more than 64 arrays"));
}

TEST(JsonReaderTest, IntegersKeepTheirRange) {
  int8_t i8 = 0;
  EXPECT_EQ(ReadAs("-128", i8), "");
  EXPECT_EQ(i8, -128);
  EXPECT_THAT(ReadAs("128", i8), HasSubstr("128 does not fit an 8-bit signed integer"));
  uint8_t u8 = 0;
  EXPECT_EQ(ReadAs("255", u8), "");
  EXPECT_EQ(u8, 255);
  EXPECT_NE(ReadAs("256", u8), "");
  EXPECT_THAT(ReadAs("-1", u8), HasSubstr("expected an 8-bit unsigned integer, got -1"));
  int64_t i64 = 0;
  EXPECT_EQ(ReadAs("-9223372036854775808", i64), "");
  EXPECT_EQ(i64, INT64_MIN);
  EXPECT_NE(ReadAs("9223372036854775808", i64), "");
  uint64_t u64 = 0;
  EXPECT_EQ(ReadAs("18446744073709551615", u64), "");
  EXPECT_EQ(u64, UINT64_MAX);
  EXPECT_THAT(ReadAs("99999999999999999999999999999999999999999", u64), HasSubstr("99999999... does not fit a 64-bit"));
  for (const char* text : {"1.0", "1e2", "1E2", "1.5", "true", "\"1\"", "01", "null"})
    EXPECT_NE(ReadAs(text, i64), "") << text;
}

TEST(JsonReaderTest, FloatsRoundOnce) {
  float f = 0;
  EXPECT_EQ(ReadAs("0.1", f), "");
  EXPECT_EQ(f, 0.1f);
  // Just above the middle of two floats: by way of a double it would be the middle, and round down to 1.
  EXPECT_EQ(ReadAs("1.000000059604644775390626", f), "");
  EXPECT_EQ(f, 1.00000012f);
  EXPECT_EQ(ReadAs("1e-60", f), "") << "too small is 0, not wrong";
  EXPECT_EQ(f, 0);
  EXPECT_EQ(ReadAs("1e-45", f), "");
  EXPECT_GT(f, 0);
  EXPECT_THAT(ReadAs("1e39", f), HasSubstr("1e39 does not fit a 32-bit float"));
  double d = 0;
  EXPECT_EQ(ReadAs("1e39", d), "");
  EXPECT_EQ(ReadAs("-1e-400", d), "");
  EXPECT_EQ(d, 0);
  EXPECT_THAT(ReadAs("-1e400", d), HasSubstr("-1e400 does not fit a 64-bit float"));
  EXPECT_EQ(ReadAs("9007199254740993", d), "");
  EXPECT_EQ(d, 9007199254740992.0);
}

/// Decimals of every length around those that are read without std::from_chars, and next to the middles of floats.
TEST(JsonReaderTest, ShortDecimalsAreAsTheLibraryReadsThem) {
  uint64_t state = 1;
  for (int i = 0; i < 200000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    std::string text = std::to_string((state >> 11) % 10000000000000000u);
    const size_t length = 1 + (state >> 5) % text.size();
    text.resize(length);
    if (text.size() > 1 && text[0] != '0') text.insert(1 + state % (text.size() - 1), ".");
    float f = 0;
    double d = 0;
    ASSERT_EQ(ReadAs("-" + text, f), "");
    ASSERT_EQ(ReadAs(text, d), "");
    ASSERT_EQ(f, -std::strtof(text.c_str(), nullptr)) << text;
    ASSERT_EQ(d, std::strtod(text.c_str(), nullptr)) << text;
  }
  for (uint32_t odd = 16777217; odd < 16777417; odd += 2) {
    for (const char* end : {"", ".0", ".000001", ".5"}) {
      float f = 0;
      ASSERT_EQ(ReadAs(std::to_string(odd) + end, f), "");
      ASSERT_EQ(f, std::strtof((std::to_string(odd) + end).c_str(), nullptr)) << odd << end;
    }
  }
}

TEST(JsonReaderTest, Strings) {
  EXPECT_EQ(ReadText(R"("plain")"), "plain");
  EXPECT_EQ(ReadText(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(ReadText(R"("\u0041\u00e9\u20AC\ud83d\ude00")"), "Aé€😀");
  EXPECT_EQ(ReadText(R"("a\u0000b")"), std::string("a\0b", 3));
  EXPECT_EQ(ReadText("\"große\""), "große");
  for (const char* half : {R"("\ud83d")", R"("\ude00")", R"("\ud83d\u0041")", R"("\ud83dx")"})
    EXPECT_THAT(ReadText(half), HasSubstr("half of a surrogate pair")) << half;
  for (const char* bad : {"\"\xFF\"", "\"\xC3\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\\n\xFF\""})
    EXPECT_THAT(ReadText(bad), HasSubstr("not UTF-8"));
}

TEST(JsonReaderTest, ComesBackToAPlace) {
  JsonReader json(R"({"data": [[1], 2], "type": "a"})");
  std::string_view key, text;
  json.BeginObject();
  json.NextMember(key);
  const JsonReader::Mark data = json.Save();
  json.Skip();
  json.NextMember(key);
  json.ReadString(text);
  EXPECT_FALSE(json.NextMember(key));
  const JsonReader::Mark end = json.Save();
  json.Rewind(data);
  EXPECT_TRUE(json.BeginArray() && json.NextElement() && json.Skip() && json.NextElement());
  json.Rewind(end);
  EXPECT_TRUE(json.Finish()) << json.status();
}

}  // namespace
}  // namespace lamina::server
