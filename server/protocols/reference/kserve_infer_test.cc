#include "server/protocols/reference/kserve_infer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace lamina::server {
namespace {

using inference::ModelInferRequest;
using inference::ModelInferResponse;
using testing::ElementsAre;
using testing::HasSubstr;

ModelInferRequest RequestFor(const std::vector<std::string>& inputs) {
  ModelInferRequest message;
  message.set_model_name("m");
  for (const std::string& name : inputs) {
    auto& input = *message.add_inputs();
    input.set_name(name);
    input.set_datatype("FP32");
    input.add_shape(0);
  }
  return message;
}

TEST(KserveInferTest, RequestReachesTheCore) {
  ModelInferRequest message = RequestFor({"a", "b"});
  message.set_model_version("7");
  message.add_outputs()->set_name("y");
  message.add_outputs()->set_name("x");
  ModelInferResponse response;
  KserveInfer infer(message, response);
  ASSERT_TRUE(infer.Read().ok());
  EXPECT_EQ(infer.request().model, "m");
  EXPECT_EQ(infer.request().version.version, 7);
  ASSERT_EQ(infer.request().inputs.size(), 2u);
  EXPECT_EQ(infer.request().inputs[1].name, "b");
  EXPECT_THAT(infer.request().outputs, ElementsAre("y", "x"));
}

TEST(KserveInferTest, AVersionIsANumberALabelOrNothing) {
  EXPECT_EQ(ParseKserveVersion("").version, 0);
  EXPECT_EQ(ParseKserveVersion("").label, "");
  EXPECT_EQ(ParseKserveVersion("12").version, 12);
  for (const char* label : {"stable", "1x", "99999999999999999999"}) {
    EXPECT_EQ(ParseKserveVersion(label).version, 0) << label;
    EXPECT_EQ(ParseKserveVersion(label).label, label);
  }
}

TEST(KserveInferTest, DoublesAreRefused) {
  ModelInferResponse response;
  const ModelInferRequest twice = RequestFor({"a", "b", "a"});
  EXPECT_THAT(std::string(KserveInfer(twice, response).Read().message()), HasSubstr("input 'a' is there twice"));
  ModelInferRequest message = RequestFor({"a"});
  message.add_outputs()->set_name("y");
  message.add_outputs()->set_name("y");
  EXPECT_THAT(std::string(KserveInfer(message, response).Read().message()), HasSubstr("output 'y' is asked for twice"));
}

TEST(KserveInferTest, WhatChangesTheAnswerIsNotIgnored) {
  for (const char* parameter : {"classification", "shared_memory_region"}) {
    ModelInferRequest message = RequestFor({"a"});
    auto& output = *message.add_outputs();
    output.set_name("y");
    (*output.mutable_parameters())[parameter].set_int64_param(3);
    ModelInferResponse response;
    EXPECT_THAT(std::string(KserveInfer(message, response).Read().message()), HasSubstr(parameter));
  }
}

TEST(KserveInferTest, OutputsAreWrittenIntoTheResponse) {
  ModelInferRequest message = RequestFor({"a"});
  message.set_id("request 1");
  ModelInferResponse response;
  KserveInfer infer(message, response);
  ASSERT_TRUE(infer.Read().ok());
  const TensorInfo scores = {.name = "scores", .type = ElementType::kF32};
  const TensorInfo labels = {.name = "labels", .type = ElementType::kString};
  const int64_t shape[] = {1, 2};
  const auto bytes = infer.Reserve(0, scores, shape, 8);
  ASSERT_TRUE(bytes.ok());
  ASSERT_EQ(bytes->size(), 8u);
  const std::string values[] = {"yes", ""};
  ASSERT_TRUE(infer.PutStrings(1, labels, shape, values).ok());
  // Written after the second output was added: the first one's memory must not have moved.
  const float numbers[] = {1.5f, -2};
  std::memcpy(bytes->data(), numbers, sizeof(numbers));
  infer.Finish(InferResult{.version = 3});

  EXPECT_EQ(response.model_name(), "m");
  EXPECT_EQ(response.model_version(), "3");
  EXPECT_EQ(response.id(), "request 1");
  ASSERT_EQ(response.outputs_size(), 2);
  EXPECT_EQ(response.outputs(0).name(), "scores");
  EXPECT_EQ(response.outputs(0).datatype(), "FP32");
  EXPECT_THAT(response.outputs(0).shape(), ElementsAre(1, 2));
  EXPECT_EQ(response.outputs(1).datatype(), "BYTES");
  EXPECT_EQ(std::memcmp(response.raw_output_contents(0).data(), numbers, sizeof(numbers)), 0);
  EXPECT_EQ(response.raw_output_contents(1), std::string("\3\0\0\0yes\0\0\0\0", 11));
}

}  // namespace
}  // namespace lamina::server
