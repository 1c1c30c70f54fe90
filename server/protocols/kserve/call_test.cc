#include "server/protocols/kserve/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "proto/kserve/inference.pb.h"
#include "server/api/derived_memory.h"

namespace lamina::server {
namespace {

using inference::ModelInferRequest;
using inference::ModelInferResponse;
using testing::ElementsAre;
using testing::HasSubstr;

// That each message is read as through protobuf is tested in reference/difference_test.cc.

WireBytes BytesOf(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string RequestWith(const std::string& raw) {
  ModelInferRequest message;
  message.set_model_name("m");
  message.set_model_version("stable");
  message.set_id("request 1");
  (*message.mutable_parameters())["timeout"].set_int64_param(5);
  auto& input = *message.add_inputs();
  input.set_name("x");
  input.set_datatype("UINT8");
  input.add_shape(static_cast<int64_t>(raw.size()));
  message.add_outputs()->set_name("y");
  message.add_raw_input_contents(raw);
  return message.SerializeAsString();
}

ModelInferResponse Parse(const std::vector<Bytes>& pieces) {
  std::string message;
  for (const Bytes& piece : pieces) message += piece.text();
  ModelInferResponse response;
  EXPECT_TRUE(response.ParseFromString(message));
  return response;
}

TEST(KserveCallTest, WhatIsCopiedNeedsMemory) {
  ModelInferRequest bytes, numbers;
  for (ModelInferRequest* message : {&bytes, &numbers}) {
    message->set_model_name("m");
    message->add_inputs()->set_name("x");
    message->mutable_inputs(0)->add_shape(100000);
  }
  bytes.mutable_inputs(0)->set_datatype("BYTES");
  bytes.add_raw_input_contents(std::string(400000, '\0'));
  numbers.mutable_inputs(0)->set_datatype("INT64");
  for (int i = 0; i < 100000; ++i) numbers.mutable_inputs(0)->mutable_contents()->add_int64_contents(i);
  ModelInferRequest texts = numbers;
  texts.mutable_inputs(0)->set_datatype("BYTES");
  texts.mutable_inputs(0)->clear_contents();
  for (int i = 0; i < 100000; ++i) texts.mutable_inputs(0)->mutable_contents()->add_bytes_contents("");
  for (const ModelInferRequest& request : {bytes, numbers, texts}) {
    const std::string message = request.SerializeAsString();
    DerivedMemory others;
    ASSERT_TRUE(others.Take(DerivedMemory::MostOfAll() - 500'000).ok());
    const absl::Status status = KserveCall().Read(BytesOf(message));
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
    others = DerivedMemory();
  }
  const std::string message = bytes.SerializeAsString();
  EXPECT_TRUE(KserveCall().Read(BytesOf(message)).ok());
}

TEST(KserveCallTest, PartsHaveALimit) {
  ModelInferRequest inputs, dimensions;
  for (int i = 0; i < 70'000; ++i) inputs.add_inputs();
  dimensions.add_inputs()->set_datatype("FP32");
  for (int i = 0; i < 70'000; ++i) dimensions.mutable_inputs(0)->add_shape(1);
  dimensions.add_raw_input_contents("four");
  for (const ModelInferRequest& request : {inputs, dimensions}) {
    const std::string message = request.SerializeAsString();
    const absl::Status status = KserveCall().Read(BytesOf(message));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("more than 65536"));
  }
}

TEST(KserveCallTest, ATensorIsViewedWhereItLies) {
  const std::string raw(100000, 'r');
  const std::string message = RequestWith(raw);
  KserveCall call;
  ASSERT_TRUE(call.Read(BytesOf(message)).ok());
  EXPECT_EQ(call.request().model, "m");
  EXPECT_EQ(call.request().version.label, "stable");
  EXPECT_THAT(call.request().outputs, ElementsAre("y"));
  ASSERT_EQ(call.request().inputs.size(), 1u);
  const InputTensor& x = call.request().inputs[0];
  EXPECT_THAT(x.shape, ElementsAre(100000));
  EXPECT_EQ(x.data.size(), raw.size());
  EXPECT_EQ(x.data.data(), BytesOf(message).data() + message.find(raw));
}

TEST(KserveCallTest, ParametersAndIdAreThereToBeAskedFor) {
  const std::string message = RequestWith("r");
  KserveCall call;
  ASSERT_TRUE(call.Read(BytesOf(message)).ok());
  EXPECT_EQ(call.message().id, "request 1");
  EXPECT_EQ(call.message().parameters.Find("timeout"), KserveParameter(int64_t{5}));
  EXPECT_FALSE(call.message().parameters.Has("priority"));
}

TEST(KserveCallTest, WhatIsNoMessageIsSaid) {
  const std::string message = RequestWith("raw");
  KserveCall cut_off;
  const absl::Status status = cut_off.Read(BytesOf(message).first(message.size() - 1));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is no inference.ModelInferRequest: byte "));
  EXPECT_THAT(std::string(status.message()), HasSubstr("a field that is cut off"));
  KserveCall not_utf8;
  EXPECT_THAT(std::string(not_utf8.Read(BytesOf("\x0a\x01\xff")).message()),
              HasSubstr("byte 2 of 3 begins text that is not UTF-8"));
}

TEST(KserveCallTest, ASmallResponseIsOnePiece) {
  const std::string message = RequestWith("r");
  KserveCall call;
  ASSERT_TRUE(call.Read(BytesOf(message)).ok());
  const TensorInfo y = {.name = "y", .type = ElementType::kF32};
  const int64_t shape[] = {1, 2};
  const auto bytes = call.Reserve(0, y, shape, 8);
  ASSERT_TRUE(bytes.ok());
  const float numbers[] = {1.5f, -2};
  std::memcpy(bytes->data(), numbers, sizeof(numbers));
  const std::vector<Bytes> pieces = *call.Finish(InferResult{.version = 3});
  EXPECT_EQ(pieces.size(), 1u);
  const ModelInferResponse response = Parse(pieces);
  EXPECT_EQ(response.model_name(), "m");
  EXPECT_EQ(response.model_version(), "3");
  EXPECT_EQ(response.id(), "request 1");
  EXPECT_EQ(response.outputs(0).name(), "y");
  EXPECT_EQ(response.outputs(0).datatype(), "FP32");
  EXPECT_THAT(response.outputs(0).shape(), ElementsAre(1, 2));
  EXPECT_EQ(std::memcmp(response.raw_output_contents(0).data(), numbers, sizeof(numbers)), 0);
}

TEST(KserveCallTest, ALargeOutputIsSentFromWhereTheModelWroteIt) {
  const std::string message = RequestWith("r");
  KserveCall call;
  ASSERT_TRUE(call.Read(BytesOf(message)).ok());
  const TensorInfo y = {.name = "y", .type = ElementType::kU8};
  const int64_t shape[] = {100000};
  const auto bytes = call.Reserve(0, y, shape, 100000);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes->data()) % Bytes::kAlignment, 0u);
  std::memset(bytes->data(), 'o', bytes->size());
  const std::vector<Bytes> pieces = *call.Finish(InferResult{.version = 3});
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[1].data(), bytes->data());
  EXPECT_EQ(Parse(pieces).raw_output_contents(0), std::string(100000, 'o'));
}

}  // namespace
}  // namespace lamina::server
