#include "server/protocols/http/json_tensor_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <typename T>
std::vector<T> Elements(const JsonTensorReader& tensor) {
  std::vector<T> elements(tensor.count());
  std::memcpy(elements.data(), tensor.data().data(), tensor.data().size());
  return elements;
}

/// What is wrong with a text as a tensor; empty when nothing is.
std::string Refused(ElementType type, std::string_view text, bool base64 = false) {
  JsonReader json(text);
  JsonTensorReader tensor(type, base64);
  tensor.Read(json) && json.Finish();
  return std::string(json.status().message());
}

TEST(JsonTensorReaderTest, ArraysMakeTheShape) {
  JsonReader json("[[[1,2],[3,4],[5,6]]]");
  JsonTensorReader tensor(ElementType::kI32);
  ASSERT_TRUE(tensor.Read(json)) << json.status();
  EXPECT_THAT(tensor.shape(), ElementsAre(1, 3, 2));
  EXPECT_THAT(Elements<int32_t>(tensor), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(JsonTensorReaderTest, ScalarsAndEmptyArrays) {
  JsonReader scalar("2.5");
  JsonTensorReader one(ElementType::kF64);
  ASSERT_TRUE(one.Read(scalar));
  EXPECT_THAT(one.shape(), IsEmpty());
  EXPECT_THAT(Elements<double>(one), ElementsAre(2.5));
  JsonReader empty("[[],[]]");
  JsonTensorReader none(ElementType::kF32);
  ASSERT_TRUE(none.Read(empty));
  EXPECT_THAT(none.shape(), ElementsAre(2, 0));
  EXPECT_EQ(none.count(), 0u);
}

TEST(JsonTensorReaderTest, SeveralOfOneShape) {
  JsonReader json("[[1,2],[3,4]]");
  JsonTensorReader tensor(ElementType::kU8);
  for (json.BeginArray(); json.NextElement();) ASSERT_TRUE(tensor.Read(json));
  EXPECT_EQ(tensor.values(), 2u);
  EXPECT_THAT(tensor.shape(), ElementsAre(2));
  EXPECT_THAT(Elements<uint8_t>(tensor), ElementsAre(1, 2, 3, 4));
  JsonReader other("[5]");
  EXPECT_FALSE(tensor.Read(other));
}

TEST(JsonTensorReaderTest, OneShapeThroughout) {
  for (const char* text : {"[[1,2],[3]]", "[[1],[2,3]]", "[1,[2]]", "[[1],2]", "[[],1]", "[1,[]]", "[[[]],[1]]",
                           "[[],[[]]]", "[[[1]],[2]]"})
    EXPECT_NE(Refused(ElementType::kI64, text), "") << text;
  EXPECT_THAT(Refused(ElementType::kI64, "[[1,2],[3]]"),
              HasSubstr("an array of 1, where others beside it have 2; all must have the same shape, at byte 7"));
}

TEST(JsonTensorReaderTest, ElementsOfTheType) {
  EXPECT_THAT(Refused(ElementType::kF32, "[1, \"2\"]"), HasSubstr("expected a number, got \"2\""));
  EXPECT_THAT(Refused(ElementType::kF32, "[1, null]"), HasSubstr("expected a number, got null"));
  EXPECT_THAT(Refused(ElementType::kF32, "[NaN]"), HasSubstr("NaN, which JSON does not have"));
  EXPECT_THAT(Refused(ElementType::kF32, "[{}]"), HasSubstr("expected a number"));
  EXPECT_THAT(Refused(ElementType::kBool, "[true, 1]"), HasSubstr("expected true or false, got 1"));
  EXPECT_THAT(Refused(ElementType::kString, "[\"a\", 1]"), HasSubstr("expected a string, got 1"));
  EXPECT_THAT(Refused(ElementType::kI8, "[127, 128]"), HasSubstr("128 does not fit an 8-bit signed integer"));
  EXPECT_EQ(Refused(ElementType::kF32, "[1, 2.5, 3e7]"), "");
}

TEST(JsonTensorReaderTest, BooleansAndHalves) {
  JsonReader json("[true,false]");
  JsonTensorReader flags(ElementType::kBool);
  ASSERT_TRUE(flags.Read(json));
  EXPECT_THAT(Elements<uint8_t>(flags), ElementsAre(1, 0));
  JsonReader numbers("[1, -2.5, 65504]");
  JsonTensorReader halves(ElementType::kF16);
  ASSERT_TRUE(halves.Read(numbers));
  EXPECT_THAT(Elements<uint16_t>(halves), ElementsAre(0x3C00, 0xC100, 0x7BFF));
  EXPECT_THAT(Refused(ElementType::kF16, "[65520]"), HasSubstr("65520 does not fit a 16-bit float"));
  EXPECT_EQ(Refused(ElementType::kBF16, "[65520]"), "");
}

TEST(JsonTensorReaderTest, StringsAndBase64) {
  JsonReader json(R"(["plain", {"b64": "/wA="}, "\u00e9", {"b64": ""}])");
  JsonTensorReader tensor(ElementType::kString, true);
  ASSERT_TRUE(tensor.Read(json)) << json.status();
  EXPECT_THAT(tensor.strings(), ElementsAre("plain", std::string("\xFF\0", 2), "é", ""));
  EXPECT_THAT(tensor.data(), IsEmpty());
  EXPECT_THAT(Refused(ElementType::kString, R"([{"b64": "AA=="}])", false), HasSubstr("expected a string"));
  for (const char* text : {R"({"b64": "*"})", R"({"b64": "A"})", R"({"b64": 1})", R"({})", R"({"b65": "AA=="})",
                           R"({"b64": "AA==", "x": 1})", R"({"b64": "AA==", "b64": "AA=="})"})
    EXPECT_NE(Refused(ElementType::kString, text, true), "") << text;
}

TEST(JsonTensorReaderTest, GrowsAndKeepsWhatIsThere) {
  std::string text = "[0";
  for (int i = 1; i < 5000; ++i) text += "," + std::to_string(i);
  JsonReader json(text += "]");
  JsonTensorReader tensor(ElementType::kI16);
  ASSERT_TRUE(tensor.Read(json)) << json.status();
  const auto elements = Elements<int16_t>(tensor);
  ASSERT_EQ(elements.size(), 5000u);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(elements[i], i);
}

}  // namespace
}  // namespace lamina::server
