#include "server/protocols/reference/tfserving_input_tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <functional>

namespace lamina::server {
namespace {

using tensorflow::TensorProto;
using tensorflow::serving::PredictRequest;
using testing::ElementsAre;
using testing::HasSubstr;

TensorProto Tensor(tensorflow::DataType type, const std::vector<int64_t>& shape) {
  TensorProto tensor;
  tensor.set_dtype(type);
  for (const int64_t size : shape) tensor.mutable_tensor_shape()->add_dim()->set_size(size);
  return tensor;
}

/// The elements that `tensor` arrives as.
template <typename T>
std::vector<T> Read(const TensorProto& tensor) {
  PredictRequest message;
  (*message.mutable_inputs())["x"] = tensor;
  TfInputTensors tensors;
  const absl::Status status = tensors.Read(message);
  EXPECT_TRUE(status.ok()) << status;
  if (!status.ok()) return {};
  const InputTensor& read = tensors.tensors()[0];
  if constexpr (std::is_same_v<T, std::string>) {
    return std::vector<T>(read.strings.begin(), read.strings.end());
  } else {
    std::vector<T> values(read.data.size() / sizeof(T));
    std::memcpy(values.data(), read.data.data(), read.data.size());
    return values;
  }
}

TEST(TfInputTensorsTest, ContentIsViewedWhereItLies) {
  PredictRequest message;
  TensorProto& tensor = (*message.mutable_inputs())["x"];
  tensor = Tensor(tensorflow::DT_FLOAT, {1, 2});
  tensor.set_tensor_content(std::string(8, '\1'));
  TfInputTensors tensors;
  ASSERT_TRUE(tensors.Read(message).ok());
  const InputTensor& read = tensors.tensors()[0];
  EXPECT_EQ(read.name, "x");
  EXPECT_EQ(read.type, ElementType::kF32);
  EXPECT_THAT(read.shape, ElementsAre(1, 2));
  EXPECT_EQ(static_cast<const void*>(read.data.data()), tensor.tensor_content().data());
}

TEST(TfInputTensorsTest, AFullListIsViewedWhereItLies) {
  PredictRequest message;
  TensorProto& tensor = (*message.mutable_inputs())["x"];
  tensor = Tensor(tensorflow::DT_DOUBLE, {2});
  tensor.add_double_val(1);
  tensor.add_double_val(2);
  TfInputTensors tensors;
  ASSERT_TRUE(tensors.Read(message).ok());
  EXPECT_EQ(static_cast<const void*>(tensors.tensors()[0].data.data()), tensor.double_val().data());
}

TEST(TfInputTensorsTest, ListsOfEveryKind) {
  TensorProto tensor = Tensor(tensorflow::DT_FLOAT, {});
  tensor.add_float_val(1.5f);
  EXPECT_THAT(Read<float>(tensor), ElementsAre(1.5f));
  tensor = Tensor(tensorflow::DT_INT32, {2});
  tensor.add_int_val(-1), tensor.add_int_val(1 << 30);
  EXPECT_THAT(Read<int32_t>(tensor), ElementsAre(-1, 1 << 30));
  tensor = Tensor(tensorflow::DT_INT64, {1});
  tensor.add_int64_val(int64_t{1} << 40);
  EXPECT_THAT(Read<int64_t>(tensor), ElementsAre(int64_t{1} << 40));
  tensor = Tensor(tensorflow::DT_UINT32, {1});
  tensor.add_uint32_val(4000000000u);
  EXPECT_THAT(Read<uint32_t>(tensor), ElementsAre(4000000000u));
  tensor = Tensor(tensorflow::DT_UINT64, {1});
  tensor.add_uint64_val(~uint64_t{0});
  EXPECT_THAT(Read<uint64_t>(tensor), ElementsAre(~uint64_t{0}));
  tensor = Tensor(tensorflow::DT_BOOL, {2});
  tensor.add_bool_val(true), tensor.add_bool_val(false);
  EXPECT_THAT(Read<uint8_t>(tensor), ElementsAre(1, 0));
  tensor = Tensor(tensorflow::DT_INT8, {2});
  tensor.add_int_val(-128), tensor.add_int_val(127);
  EXPECT_THAT(Read<int8_t>(tensor), ElementsAre(-128, 127));
  tensor = Tensor(tensorflow::DT_INT16, {1});
  tensor.add_int_val(-32768);
  EXPECT_THAT(Read<int16_t>(tensor), ElementsAre(-32768));
  tensor = Tensor(tensorflow::DT_UINT8, {1});
  tensor.add_int_val(255);
  EXPECT_THAT(Read<uint8_t>(tensor), ElementsAre(255));
  tensor = Tensor(tensorflow::DT_UINT16, {1});
  tensor.add_int_val(65535);
  EXPECT_THAT(Read<uint16_t>(tensor), ElementsAre(65535));
  for (const auto type : {tensorflow::DT_HALF, tensorflow::DT_BFLOAT16}) {
    tensor = Tensor(type, {1});
    tensor.add_half_val(0xbf80);
    EXPECT_THAT(Read<uint16_t>(tensor), ElementsAre(0xbf80));
  }
  tensor = Tensor(tensorflow::DT_STRING, {2});
  tensor.add_string_val("a"), tensor.add_string_val(std::string("b\0c", 3));
  EXPECT_THAT(Read<std::string>(tensor), ElementsAre("a", std::string("b\0c", 3)));
}

TEST(TfInputTensorsTest, TheLastElementStandsForThoseLeftOut) {
  TensorProto tensor = Tensor(tensorflow::DT_FLOAT, {2, 2});
  EXPECT_THAT(Read<float>(tensor), ElementsAre(0, 0, 0, 0)) << "none at all: zeros";
  tensor.add_float_val(1), tensor.add_float_val(2);
  EXPECT_THAT(Read<float>(tensor), ElementsAre(1, 2, 2, 2));
  tensor = Tensor(tensorflow::DT_INT8, {3});
  tensor.add_int_val(-7);
  EXPECT_THAT(Read<int8_t>(tensor), ElementsAre(-7, -7, -7));
  tensor = Tensor(tensorflow::DT_STRING, {3});
  EXPECT_THAT(Read<std::string>(tensor), ElementsAre("", "", ""));
  tensor.add_string_val("s");
  EXPECT_THAT(Read<std::string>(tensor), ElementsAre("s", "s", "s"));
}

TEST(TfInputTensorsTest, WhatIsWrongIsSaid) {
  const struct {
    const char* message;
    std::function<TensorProto()> make;
  } kCases[] = {
      {"input 'x': dtype DT_COMPLEX64 is not supported", [] { return Tensor(tensorflow::DT_COMPLEX64, {1}); }},
      {"input 'x': dtype 99 is not supported", [] { return Tensor(static_cast<tensorflow::DataType>(99), {1}); }},
      {"input 'x': shape [-1] is negative or too large", [] { return Tensor(tensorflow::DT_FLOAT, {-1}); }},
      {"is negative or too large",
       [] {
         return Tensor(tensorflow::DT_DOUBLE, {int64_t{1} << 62, 2});
       }},
      {"input 'x': its shape is unknown",
       [] {
         TensorProto tensor = Tensor(tensorflow::DT_FLOAT, {});
         tensor.mutable_tensor_shape()->set_unknown_rank(true);
         return tensor;
       }},
      {"input 'x': DT_FLOAT of shape [2] needs 8 bytes in tensor_content, got 7",
       [] {
         TensorProto tensor = Tensor(tensorflow::DT_FLOAT, {2});
         tensor.set_tensor_content("1234567");
         return tensor;
       }},
      {"input 'x': DT_INT64 of shape [1] has 1 elements, got 2 in int64_val",
       [] {
         TensorProto tensor = Tensor(tensorflow::DT_INT64, {1});
         tensor.add_int64_val(1), tensor.add_int64_val(2);
         return tensor;
       }},
      {"int_val[0] is -1, which DT_UINT8 cannot hold",
       [] {
         TensorProto tensor = Tensor(tensorflow::DT_UINT8, {1});
         tensor.add_int_val(-1);
         return tensor;
       }},
      {"leaving out repeated ones is possible up to 256 MiB",
       [] { return Tensor(tensorflow::DT_FLOAT, {1000000000}); }},
      {"leaving out repeated ones is possible up to 256 MiB",
       [] { return Tensor(tensorflow::DT_STRING, {100000000}); }},
      {"send the elements in string_val",
       [] {
         TensorProto tensor = Tensor(tensorflow::DT_STRING, {1});
         tensor.set_tensor_content("\1x");
         return tensor;
       }},
  };
  for (const auto& [expected, make] : kCases) {
    PredictRequest message;
    (*message.mutable_inputs())["x"] = make();
    const absl::Status status = TfInputTensors().Read(message);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr(expected));
  }
}

TEST(TfInputTensorsTest, AllInputsTogetherGrowOnlySoFar) {
  PredictRequest message;
  const auto half = static_cast<int64_t>(TfInputTensors::kMaxGrownBytes / 2 + 1);
  (*message.mutable_inputs())["a"] = Tensor(tensorflow::DT_UINT8, {half});
  EXPECT_TRUE(TfInputTensors().Read(message).ok());
  (*message.mutable_inputs())["b"] = Tensor(tensorflow::DT_UINT8, {half});
  EXPECT_FALSE(TfInputTensors().Read(message).ok());
}

}  // namespace
}  // namespace lamina::server
