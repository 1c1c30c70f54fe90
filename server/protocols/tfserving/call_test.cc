#include "server/protocols/tfserving/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>

#include "proto/tensorflow_serving/predict.pb.h"
#include "server/api/derived_memory.h"

namespace lamina::server {
namespace {

using tensorflow::serving::PredictRequest;
using tensorflow::serving::PredictResponse;
using testing::ElementsAre;
using testing::HasSubstr;

// That each message is read as through protobuf is tested in reference/difference_test.cc.

WireBytes BytesOf(const std::string& text) { return std::as_bytes(std::span(text)); }

PredictRequest RequestFor(const std::string& input) {
  PredictRequest message;
  message.mutable_model_spec()->set_name("m");
  message.mutable_model_spec()->mutable_version()->set_value(4);
  tensorflow::TensorProto& tensor = (*message.mutable_inputs())[input];
  tensor.set_dtype(tensorflow::DT_FLOAT);
  tensor.mutable_tensor_shape()->add_dim()->set_size(25000);
  tensor.set_tensor_content(std::string(100000, 'r'));
  message.add_output_filter("y");
  return message;
}

PredictResponse Parse(const std::vector<Bytes>& pieces) {
  std::string message;
  for (const Bytes& piece : pieces) message += piece.text();
  PredictResponse response;
  EXPECT_TRUE(response.ParseFromString(message));
  return response;
}

TEST(TfCallTest, ATensorIsViewedWhereItLies) {
  const std::string message = RequestFor("x").SerializeAsString();
  TfCall call;
  ASSERT_TRUE(call.Read(BytesOf(message)).ok());
  EXPECT_EQ(call.request().model, "m");
  EXPECT_EQ(call.request().version.version, 4);
  EXPECT_THAT(call.request().outputs, ElementsAre("y"));
  ASSERT_EQ(call.request().inputs.size(), 1u);
  EXPECT_EQ(call.request().inputs[0].data.size(), 100000u);
  EXPECT_EQ(call.request().inputs[0].data.data(), BytesOf(message).data() + message.find(std::string(100000, 'r')));
}

TEST(TfCallTest, APackedListIsViewedWhereItLies) {
  PredictRequest request = RequestFor("x");
  tensorflow::TensorProto& tensor = (*request.mutable_inputs())["x"];
  tensor.clear_tensor_content();
  for (int i = 0; i < 25000; ++i) tensor.add_float_val(static_cast<float>(i));
  const std::string message = request.SerializeAsString();
  TfCall call;
  ASSERT_TRUE(call.Read(BytesOf(message)).ok());
  const std::span<const std::byte> data = call.request().inputs[0].data;
  ASSERT_EQ(data.size(), 100000u);
  EXPECT_GE(data.data(), BytesOf(message).data());
  EXPECT_LE(data.data() + data.size(), BytesOf(message).data() + message.size());
  EXPECT_EQ(std::memcmp(data.data(), tensor.float_val().data(), data.size()), 0);
}

TEST(TfCallTest, ElementsThatAreCopiedHaveMemoryTogether) {
  PredictRequest request = RequestFor("x");
  (*request.mutable_inputs())["x"].clear_tensor_content();
  const std::string message = request.SerializeAsString();
  std::optional<DerivedMemory> others;
  ASSERT_TRUE(others.emplace().Take(DerivedMemory::MostOfAll()).ok());
  const absl::Status status = TfCall().Read(BytesOf(message));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("ask again later"));
  others.reset();
  EXPECT_TRUE(TfCall().Read(BytesOf(message)).ok()) << "what was taken is given back";
}

TEST(TfCallTest, WhatIsNoMessageIsSaid) {
  const std::string message = RequestFor("x").SerializeAsString();
  TfCall call;
  const absl::Status status = call.Read(BytesOf(message).first(message.size() - 1));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is no tensorflow.serving.PredictRequest: byte "));
}

TEST(TfCallTest, ASmallResponseIsOnePieceAndALargeOutputOneOfItsOwn) {
  const std::string message = RequestFor("x").SerializeAsString();
  for (const auto& [size, count] : {std::pair<size_t, size_t>{8, 1}, {100000, 3}}) {
    TfCall call;
    ASSERT_TRUE(call.Read(BytesOf(message)).ok());
    const TensorInfo y = {.name = "y", .type = ElementType::kU8};
    const int64_t shape[] = {static_cast<int64_t>(size)};
    const auto bytes = call.Reserve(0, y, shape, size);
    ASSERT_TRUE(bytes.ok());
    std::memset(bytes->data(), 'o', bytes->size());
    const std::vector<Bytes> pieces = call.Finish(InferResult{.version = 3});
    EXPECT_EQ(pieces.size(), count);
    const PredictResponse response = Parse(pieces);
    EXPECT_EQ(response.model_spec().name(), "m");
    EXPECT_EQ(response.model_spec().version().value(), 3);
    EXPECT_EQ(response.model_spec().signature_name(), "serving_default");
    EXPECT_EQ(response.outputs().at("y").dtype(), tensorflow::DT_UINT8);
    EXPECT_EQ(response.outputs().at("y").tensor_content(), std::string(size, 'o'));
  }
}

}  // namespace
}  // namespace lamina::server
