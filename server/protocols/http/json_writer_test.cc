#include "server/protocols/http/json_writer.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace lamina::server {
namespace {

std::string Text(JsonWriter& json) { return std::string(json.Take().text()); }

template <typename T>
std::string Number(T value) {
  JsonWriter json;
  return Text(json.Number(value));
}

TEST(JsonWriterTest, CommasComeByThemselves) {
  JsonWriter json;
  json.BeginObject().Key("a").BeginArray().Number(1).Bool(true).Raw("null").EndArray();
  json.Key("b").BeginObject().EndObject().Key("c").String("x").EndObject();
  EXPECT_EQ(Text(json), R"({"a":[1,true,null],"b":{},"c":"x"})");
  EXPECT_EQ(json.size(), 0u);
  EXPECT_EQ(Text(json.BeginArray().EndArray()), "[]") << "a writer can be used again";
}

TEST(JsonWriterTest, Strings) {
  JsonWriter json;
  json.String(std::string_view("\"\\\n\t\x01\0é", 8));
  EXPECT_EQ(Text(json), "\"\\\"\\\\\\n\\u0009\\u0001\\u0000é\"");
  json.String("a\xFFz");
  EXPECT_EQ(Text(json), "\"a\xEF\xBF\xBDz\"");
}

TEST(JsonWriterTest, IntegersToTheirEnds) {
  EXPECT_EQ(Number(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(Number(std::numeric_limits<uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(Number(int8_t{-128}), "-128");
  EXPECT_EQ(Number(uint8_t{255}), "255");
}

TEST(JsonWriterTest, FloatsAreShortAndFloats) {
  EXPECT_EQ(Number(0.1f), "0.1");
  EXPECT_EQ(Number(0.1), "0.1");
  EXPECT_EQ(Number(3.0f), "3.0");
  EXPECT_EQ(Number(-0.0), "-0.0");
  EXPECT_EQ(Number(1e20f), "1e+20");
  EXPECT_EQ(Number(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(Number(std::numeric_limits<double>::denorm_min()), "5e-324");
  EXPECT_EQ(Number(-std::numeric_limits<double>::min()), "-2.2250738585072014e-308");
}

TEST(JsonWriterTest, FloatsReadBackToTheSameValue) {
  simdjson::dom::parser parser;
  for (uint32_t bits = 1; bits < 0x7F800000; bits += 65537) {
    const auto value = std::bit_cast<float>(bits);
    const simdjson::padded_string text(Number(value));
    ASSERT_EQ(static_cast<float>(static_cast<double>(parser.parse(text))), value) << text;
  }
}

TEST(JsonWriterTest, NotANumberIsAWord) {
  EXPECT_EQ(Number(std::nanf("")), "NaN");
  EXPECT_EQ(Number(std::numeric_limits<double>::infinity()), "Infinity");
  EXPECT_EQ(Number(-std::numeric_limits<float>::infinity()), "-Infinity");
}

TEST(JsonWriterTest, GrowsAndKeepsWhatIsThere) {
  JsonWriter json;
  json.BeginArray();
  std::string expected = "[";
  for (int64_t i = 0; i < 10000; ++i) {
    json.Number(i);
    expected += (i > 0 ? "," : "") + std::to_string(i);
  }
  EXPECT_EQ(Text(json.EndArray()), expected + "]");
}

}  // namespace
}  // namespace lamina::server
