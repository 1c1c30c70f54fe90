#include "server/protocols/reference/kserve_input_tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>

namespace lamina::server {
namespace {

using inference::ModelInferRequest;
using testing::ElementsAre;
using testing::HasSubstr;

ModelInferRequest::InferInputTensor& AddInput(ModelInferRequest& message, const std::string& name,
                                              const std::string& datatype, const std::vector<int64_t>& shape) {
  auto& input = *message.add_inputs();
  input.set_name(name);
  input.set_datatype(datatype);
  input.mutable_shape()->Add(shape.begin(), shape.end());
  return input;
}

template <typename T>
std::vector<T> Values(const InputTensor& tensor) {
  std::vector<T> values(tensor.data.size() / sizeof(T));
  std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

std::string ErrorOf(const ModelInferRequest& message) {
  KserveInputTensors tensors;
  const absl::Status status = tensors.Read(message);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(KserveInputTensorsTest, RawBytesAreViewedWhereTheyLie) {
  ModelInferRequest message;
  AddInput(message, "x", "FP32", {1, 2});
  AddInput(message, "h", "FP16", {3});
  AddInput(message, "empty", "INT64", {0, 5});
  message.add_raw_input_contents(std::string(8, '\1'));
  message.add_raw_input_contents(std::string(6, '\2'));
  message.add_raw_input_contents("");
  KserveInputTensors tensors;
  ASSERT_TRUE(tensors.Read(message).ok());
  ASSERT_EQ(tensors.tensors().size(), 3u);
  const InputTensor& x = tensors.tensors()[0];
  EXPECT_EQ(x.name, "x");
  EXPECT_EQ(x.type, ElementType::kF32);
  EXPECT_THAT(x.shape, ElementsAre(1, 2));
  EXPECT_EQ(static_cast<const void*>(x.data.data()), message.raw_input_contents(0).data());
  EXPECT_EQ(x.data.size(), 8u);
  EXPECT_EQ(tensors.tensors()[1].type, ElementType::kF16);
  EXPECT_EQ(tensors.tensors()[2].data.size(), 0u);
}

TEST(KserveInputTensorsTest, RawStrings) {
  ModelInferRequest message;
  AddInput(message, "s", "BYTES", {3});
  message.add_raw_input_contents(std::string("\2\0\0\0hi\0\0\0\0\3\0\0\0a\0b", 17));
  KserveInputTensors tensors;
  ASSERT_TRUE(tensors.Read(message).ok());
  EXPECT_THAT(tensors.tensors()[0].strings, ElementsAre("hi", "", std::string_view("a\0b", 3)));
}

TEST(KserveInputTensorsTest, TypedContentsOfEveryKind) {
  ModelInferRequest message;
  AddInput(message, "b", "BOOL", {2}).mutable_contents()->mutable_bool_contents()->Add(true);
  message.mutable_inputs(0)->mutable_contents()->add_bool_contents(false);
  AddInput(message, "i8", "INT8", {2}).mutable_contents()->add_int_contents(-128);
  message.mutable_inputs(1)->mutable_contents()->add_int_contents(127);
  AddInput(message, "i16", "INT16", {1}).mutable_contents()->add_int_contents(-32768);
  AddInput(message, "i32", "INT32", {1}).mutable_contents()->add_int_contents(-5);
  AddInput(message, "i64", "INT64", {}).mutable_contents()->add_int64_contents(int64_t{1} << 40);
  AddInput(message, "u8", "UINT8", {1}).mutable_contents()->add_uint_contents(255);
  AddInput(message, "u16", "UINT16", {1}).mutable_contents()->add_uint_contents(65535);
  AddInput(message, "u32", "UINT32", {1}).mutable_contents()->add_uint_contents(4000000000u);
  AddInput(message, "u64", "UINT64", {1}).mutable_contents()->add_uint64_contents(~uint64_t{0});
  AddInput(message, "f32", "FP32", {1}).mutable_contents()->add_fp32_contents(1.5f);
  AddInput(message, "f64", "FP64", {1}).mutable_contents()->add_fp64_contents(-2.5);
  AddInput(message, "s", "BYTES", {1}).mutable_contents()->add_bytes_contents("text");
  KserveInputTensors read;
  ASSERT_TRUE(read.Read(message).ok());
  const auto tensors = read.tensors();
  EXPECT_THAT(Values<uint8_t>(tensors[0]), ElementsAre(1, 0));
  EXPECT_THAT(Values<int8_t>(tensors[1]), ElementsAre(-128, 127));
  EXPECT_THAT(Values<int16_t>(tensors[2]), ElementsAre(-32768));
  EXPECT_THAT(Values<int32_t>(tensors[3]), ElementsAre(-5));
  EXPECT_THAT(Values<int64_t>(tensors[4]), ElementsAre(int64_t{1} << 40));
  EXPECT_THAT(Values<uint8_t>(tensors[5]), ElementsAre(255));
  EXPECT_THAT(Values<uint16_t>(tensors[6]), ElementsAre(65535));
  EXPECT_THAT(Values<uint32_t>(tensors[7]), ElementsAre(4000000000u));
  EXPECT_THAT(Values<uint64_t>(tensors[8]), ElementsAre(~uint64_t{0}));
  EXPECT_THAT(Values<float>(tensors[9]), ElementsAre(1.5f));
  EXPECT_THAT(Values<double>(tensors[10]), ElementsAre(-2.5));
  EXPECT_THAT(tensors[11].strings, ElementsAre("text"));
}

TEST(KserveInputTensorsTest, WhatIsWrongIsSaid) {
  const struct {
    const char* message;
    std::function<void(ModelInferRequest&)> fill;
  } kCases[] = {
      {"input 'x': datatype FP32 and shape [1, 4] need 16 bytes in raw_input_contents, got 15",
       [](auto& m) { AddInput(m, "x", "FP32", {1, 4}), m.add_raw_input_contents(std::string(15, 'x')); }},
      {"input 'x': datatype 'FLOAT' is not known", [](auto& m) { AddInput(m, "x", "FLOAT", {1}); }},
      {"input 'x': shape [1, -1] is negative or too large", [](auto& m) { AddInput(m, "x", "FP32", {1, -1}); }},
      {"shape [4294967296, 4294967296, 4] is negative or too large",
       [](auto& m) { AddInput(m, "x", "FP32", {int64_t{1} << 32, int64_t{1} << 32, 4}); }},
      {"is negative or too large",
       [](auto& m) { AddInput(m, "x", "FP64", {std::numeric_limits<int64_t>::max()}), m.add_raw_input_contents(""); }},
      {"need 1000000000 elements in fp32_contents, got 0", [](auto& m) { AddInput(m, "x", "FP32", {1000000000}); }},
      {"raw_input_contents has 1 entries for 2 inputs",
       [](auto& m) { AddInput(m, "x", "FP32", {0}), AddInput(m, "y", "FP32", {0}), m.add_raw_input_contents(""); }},
      {"input 'x': has both contents and raw_input_contents",
       [](auto& m) {
         AddInput(m, "x", "FP32", {1}).mutable_contents()->add_fp32_contents(1),
             m.add_raw_input_contents(std::string(4, 'x'));
       }},
      {"input 'x': FP16 has no typed contents", [](auto& m) { AddInput(m, "x", "FP16", {1}); }},
      {"need 2 elements in int64_contents, got 1",
       [](auto& m) { AddInput(m, "x", "INT64", {2}).mutable_contents()->add_int64_contents(1); }},
      {"need 1 elements in bytes_contents, got 0", [](auto& m) { AddInput(m, "x", "BYTES", {1}); }},
      {"int_contents[0] is 128, which INT8 cannot hold",
       [](auto& m) { AddInput(m, "x", "INT8", {1}).mutable_contents()->add_int_contents(128); }},
      {"uint_contents[0] is 65536, which UINT16 cannot hold",
       [](auto& m) { AddInput(m, "x", "UINT16", {1}).mutable_contents()->add_uint_contents(65536); }},
      {"input 'x': shared memory is not supported",
       [](auto& m) {
         (*AddInput(m, "x", "FP32", {1}).mutable_parameters())["shared_memory_region"].set_string_param("r");
       }},
  };
  for (const auto& [expected, fill] : kCases) {
    ModelInferRequest message;
    fill(message);
    EXPECT_THAT(ErrorOf(message), HasSubstr(expected));
  }
}

TEST(KserveInputTensorsTest, CutOffStringsAreSaid) {
  const struct {
    std::string raw;
    int64_t count;
    const char* message;
  } kCases[] = {
      {std::string("\5\0\0\0hi", 6), 1, "element 0 of 1 is cut off at byte 0 of 6"},
      {std::string("\0\0\0\0\1\0\0\0", 8), 2, "element 1 of 2 is cut off at byte 4 of 8"},
      {std::string("\4\0\0\0abcd\0\0", 10), 2, "element 1 of 2 is cut off at byte 8 of 10"},
      {std::string("\0\0\0\0", 4), 1000000000,
       ": 1000000000 elements with a 4-byte length each are needed, got 4 bytes"},
      {std::string("\xff\xff\xff\xff", 4), 1, "element 0 of 1 is cut off"},
      {std::string("\0\0\0\0xyz", 7), 1, "3 bytes follow the last of 1 elements"},
  };
  for (const auto& [raw, count, expected] : kCases) {
    ModelInferRequest message;
    AddInput(message, "s", "BYTES", {count});
    message.add_raw_input_contents(raw);
    EXPECT_THAT(ErrorOf(message), HasSubstr(expected));
  }
}

}  // namespace
}  // namespace lamina::server
