#include "server/protocols/tfserving/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using tensorflow::serving::GetModelMetadataRequest;
using testing::HasSubstr;

TEST(TfSignatureTest, OnlySignatureDefIsKnown) {
  GetModelMetadataRequest request;
  EXPECT_THAT(std::string(CheckMetadataFields(request).message()),
              HasSubstr("must specify at least one metadata_field"));
  request.add_metadata_field("signature_def");
  EXPECT_TRUE(CheckMetadataFields(request).ok());
  request.add_metadata_field("graph");
  EXPECT_EQ(CheckMetadataFields(request), absl::InvalidArgumentError("Metadata field graph is not supported"));
}

TEST(TfSignatureTest, Model) {
  auto signature = std::make_shared<Signature>();
  signature->inputs = {{.name = "x", .type = ElementType::kF32, .shape = {-1, 3}}};
  signature->outputs = {{.name = "y", .type = ElementType::kString, .any_rank = true},
                        {.name = "z", .type = ElementType::kI64, .shape = {}}};
  tensorflow::serving::GetModelMetadataResponse response;
  WriteModelMetadata({.name = "m", .version = 2, .versions = {2}, .platform = "onnx", .signature = signature},
                     response);
  EXPECT_EQ(response.model_spec().name(), "m");
  EXPECT_EQ(response.model_spec().version().value(), 2);
  const auto& any = response.metadata().at("signature_def");
  EXPECT_EQ(any.type_url(), "type.googleapis.com/tensorflow.serving.SignatureDefMap");
  tensorflow::serving::SignatureDefMap map;
  ASSERT_TRUE(any.UnpackTo(&map));
  const auto& def = map.signature_def().at("serving_default");
  EXPECT_EQ(def.method_name(), "tensorflow/serving/predict");
  EXPECT_EQ(def.inputs().at("x").name(), "x");
  EXPECT_EQ(def.inputs().at("x").dtype(), tensorflow::DT_FLOAT);
  ASSERT_EQ(def.inputs().at("x").tensor_shape().dim_size(), 2);
  EXPECT_EQ(def.inputs().at("x").tensor_shape().dim(0).size(), -1);
  EXPECT_TRUE(def.outputs().at("y").tensor_shape().unknown_rank());
  EXPECT_FALSE(def.outputs().at("z").tensor_shape().unknown_rank());
  EXPECT_EQ(def.outputs().at("z").tensor_shape().dim_size(), 0);
}

}  // namespace
}  // namespace lamina::server
