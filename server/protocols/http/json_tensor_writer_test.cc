#include "server/protocols/http/json_tensor_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace lamina::server {
namespace {

using testing::HasSubstr;

template <typename T>
OutputTensor Tensor(ElementType type, std::vector<int64_t> shape, const std::vector<T>& elements) {
  OutputTensor tensor{
      .name = "y", .type = type, .shape = {shape.begin(), shape.end()}, .data = Bytes(elements.size() * sizeof(T))};
  if (!elements.empty()) std::memcpy(tensor.data.data(), elements.data(), tensor.data.size());
  return tensor;
}

std::string Nested(const OutputTensor& tensor, size_t from = 0, size_t begin = 0, StringForm form = StringForm::kText) {
  JsonWriter json;
  WriteNested(tensor, from, begin, form, json);
  return std::string(json.Take().text());
}

TEST(JsonTensorWriterTest, NestsByTheShape) {
  const OutputTensor tensor = Tensor<int32_t>(ElementType::kI32, {2, 1, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(Nested(tensor), "[[[1,2,3]],[[4,5,6]]]");
  EXPECT_EQ(Nested(tensor, 1, 3), "[[4,5,6]]") << "the second row";
  EXPECT_EQ(Nested(Tensor<float>(ElementType::kF32, {}, {2})), "2.0");
  EXPECT_EQ(Nested(Tensor<float>(ElementType::kF32, {2, 0}, {})), "[[],[]]");
  EXPECT_EQ(Nested(Tensor<float>(ElementType::kF32, {0, 2}, {})), "[]");
}

TEST(JsonTensorWriterTest, EveryType) {
  EXPECT_EQ(Nested(Tensor<uint8_t>(ElementType::kBool, {2}, {0, 1})), "[false,true]");
  EXPECT_EQ(Nested(Tensor<int8_t>(ElementType::kI8, {1}, {-128})), "[-128]");
  EXPECT_EQ(Nested(Tensor<int16_t>(ElementType::kI16, {1}, {-300})), "[-300]");
  EXPECT_EQ(Nested(Tensor<int64_t>(ElementType::kI64, {1}, {INT64_MIN})), "[-9223372036854775808]");
  EXPECT_EQ(Nested(Tensor<uint8_t>(ElementType::kU8, {1}, {255})), "[255]");
  EXPECT_EQ(Nested(Tensor<uint16_t>(ElementType::kU16, {1}, {65535})), "[65535]");
  EXPECT_EQ(Nested(Tensor<uint32_t>(ElementType::kU32, {1}, {4294967295})), "[4294967295]");
  EXPECT_EQ(Nested(Tensor<uint64_t>(ElementType::kU64, {1}, {UINT64_MAX})), "[18446744073709551615]");
  EXPECT_EQ(Nested(Tensor<double>(ElementType::kF64, {2}, {0.1, NAN})), "[0.1,NaN]");
  EXPECT_EQ(Nested(Tensor<uint16_t>(ElementType::kF16, {2}, {0x3C00, 0x7C00})), "[1.0,Infinity]");
  EXPECT_EQ(Nested(Tensor<uint16_t>(ElementType::kBF16, {1}, {0x4049})), "[3.140625]");
}

TEST(JsonTensorWriterTest, Strings) {
  OutputTensor tensor{.name = "y", .type = ElementType::kString, .shape = {2}, .strings = {"a\"", "\xFF"}};
  EXPECT_EQ(Nested(tensor, 0, 0, StringForm::kBase64), R"([{"b64":"YSI="},{"b64":"/w=="}])");
  EXPECT_THAT(std::string(CheckText(tensor, "do that").message()),
              HasSubstr("output 'y': element 1 of 2 is not UTF-8"));
  tensor.strings[1] = "é";
  EXPECT_TRUE(CheckText(tensor, "do that").ok());
  EXPECT_EQ(Nested(tensor), "[\"a\\\"\",\"é\"]");
}

}  // namespace
}  // namespace lamina::server
