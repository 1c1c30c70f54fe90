#include "server/protocols/reference/tfserving_predict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace lamina::server {
namespace {

using tensorflow::serving::PredictRequest;
using tensorflow::serving::PredictResponse;
using testing::ElementsAre;
using testing::HasSubstr;

PredictRequest RequestFor(const std::string& input) {
  PredictRequest message;
  message.mutable_model_spec()->set_name("m");
  tensorflow::TensorProto& tensor = (*message.mutable_inputs())[input];
  tensor.set_dtype(tensorflow::DT_FLOAT);
  tensor.mutable_tensor_shape()->add_dim()->set_size(1);
  tensor.add_float_val(1);
  return message;
}

TEST(TfPredictTest, RequestReachesTheCore) {
  PredictRequest message = RequestFor("x");
  message.add_output_filter("y");
  message.add_output_filter("a");
  PredictResponse response;
  TfPredict predict(message, response);
  ASSERT_TRUE(predict.Read().ok());
  EXPECT_EQ(predict.request().model, "m");
  EXPECT_EQ(predict.request().version.version, 0);
  ASSERT_EQ(predict.request().inputs.size(), 1u);
  EXPECT_EQ(predict.request().inputs[0].name, "x");
  EXPECT_THAT(predict.request().outputs, ElementsAre("y", "a"));
}

TEST(TfPredictTest, VersionOrLabel) {
  PredictRequest message = RequestFor("x");
  PredictResponse response;
  message.mutable_model_spec()->mutable_version()->set_value(4);
  TfPredict by_number(message, response);
  ASSERT_TRUE(by_number.Read().ok());
  EXPECT_EQ(by_number.request().version.version, 4);
  message.mutable_model_spec()->set_version_label("stable");
  TfPredict by_label(message, response);
  ASSERT_TRUE(by_label.Read().ok());
  EXPECT_EQ(by_label.request().version.version, 0);
  EXPECT_EQ(by_label.request().version.label, "stable");
}

TEST(TfPredictTest, TheOneSignatureIsServingDefault) {
  PredictRequest message = RequestFor("x");
  PredictResponse response;
  message.mutable_model_spec()->set_signature_name("serving_default");
  EXPECT_TRUE(TfPredict(message, response).Read().ok());
  message.mutable_model_spec()->set_signature_name("classify");
  EXPECT_THAT(std::string(TfPredict(message, response).Read().message()),
              HasSubstr("signature key \"classify\" not found"));
}

TEST(TfPredictTest, AnOutputAskedForTwiceIsRefused) {
  PredictRequest message = RequestFor("x");
  message.add_output_filter("y");
  message.add_output_filter("y");
  PredictResponse response;
  EXPECT_THAT(std::string(TfPredict(message, response).Read().message()), HasSubstr("output_filter has 'y' twice"));
}

TEST(TfPredictTest, OutputsAreWrittenIntoTheResponse) {
  PredictRequest message = RequestFor("x");
  PredictResponse response;
  TfPredict predict(message, response);
  ASSERT_TRUE(predict.Read().ok());
  const TensorInfo scores = {.name = "scores", .type = ElementType::kF32};
  const TensorInfo labels = {.name = "labels", .type = ElementType::kString};
  const int64_t shape[] = {1, 2};
  const auto bytes = predict.Reserve(0, scores, shape, 8);
  ASSERT_TRUE(bytes.ok());
  ASSERT_EQ(bytes->size(), 8u);
  const std::string values[] = {"yes", ""};
  ASSERT_TRUE(predict.PutStrings(1, labels, shape, values).ok());
  // Written after the second output was added: the first one's memory must not have moved.
  const float numbers[] = {1.5f, -2};
  std::memcpy(bytes->data(), numbers, sizeof(numbers));
  predict.Finish(InferResult{.version = 3});

  EXPECT_EQ(response.model_spec().name(), "m");
  EXPECT_EQ(response.model_spec().version().value(), 3);
  EXPECT_EQ(response.model_spec().signature_name(), "serving_default");
  ASSERT_EQ(response.outputs_size(), 2);
  const auto& tensor = response.outputs().at("scores");
  EXPECT_EQ(tensor.dtype(), tensorflow::DT_FLOAT);
  ASSERT_EQ(tensor.tensor_shape().dim_size(), 2);
  EXPECT_EQ(tensor.tensor_shape().dim(1).size(), 2);
  EXPECT_EQ(std::memcmp(tensor.tensor_content().data(), numbers, sizeof(numbers)), 0);
  EXPECT_EQ(response.outputs().at("labels").dtype(), tensorflow::DT_STRING);
  EXPECT_THAT(response.outputs().at("labels").string_val(), ElementsAre("yes", ""));
}

}  // namespace
}  // namespace lamina::server
