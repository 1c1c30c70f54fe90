#include "server/protocols/kserve/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/protocols/kserve/datatype.h"

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(KserveMetadataTest, Model) {
  auto signature = std::make_shared<Signature>();
  signature->inputs = {{.name = "x", .type = ElementType::kF32, .shape = {-1, 3}},
                       {.name = "s", .type = ElementType::kString, .shape = {}}};
  signature->outputs = {{.name = "y", .type = ElementType::kI64, .any_rank = true}};
  signature->properties = {{"lamina.classes.y", R"(["no","yes"])"}};
  const ModelMetadata metadata = {
      .name = "m", .version = 2, .versions = {1, 2}, .platform = "onnx", .signature = signature};
  inference::ModelMetadataResponse response;
  WriteModelMetadata(metadata, response);
  EXPECT_EQ(response.name(), "m");
  EXPECT_THAT(response.versions(), ElementsAre("1", "2"));
  EXPECT_EQ(response.platform(), "onnx");
  ASSERT_EQ(response.inputs_size(), 2);
  EXPECT_EQ(response.inputs(0).name(), "x");
  EXPECT_EQ(response.inputs(0).datatype(), "FP32");
  EXPECT_THAT(response.inputs(0).shape(), ElementsAre(-1, 3));
  EXPECT_EQ(response.inputs(1).datatype(), "BYTES");
  EXPECT_THAT(response.inputs(1).shape(), IsEmpty());
  ASSERT_EQ(response.outputs_size(), 1);
  EXPECT_EQ(response.outputs(0).datatype(), "INT64");
  EXPECT_THAT(response.outputs(0).shape(), ElementsAre(-1));
  ASSERT_EQ(response.properties_size(), 1);
  EXPECT_EQ(response.properties().at("lamina.classes.y"), R"(["no","yes"])");
}

TEST(KserveMetadataTest, Config) {
  auto signature = std::make_shared<Signature>();
  signature->inputs = {{.name = "x", .type = ElementType::kF32, .shape = {-1, 3}},
                       {.name = "s", .type = ElementType::kString, .shape = {1}}};
  signature->outputs = {{.name = "y", .type = ElementType::kBF16, .any_rank = true}};
  signature->properties = {{"lamina.classes.y", R"(["no","yes"])"}};
  inference::ModelConfig config;
  WriteModelConfig({.name = "m", .version = 2, .platform = "onnx", .signature = signature}, config);
  EXPECT_EQ(config.name(), "m");
  EXPECT_EQ(config.platform(), "onnx");
  EXPECT_EQ(config.backend(), "openvino");
  EXPECT_EQ(config.max_batch_size(), 0);
  ASSERT_EQ(config.input_size(), 2);
  EXPECT_EQ(config.input(0).data_type(), inference::TYPE_FP32);
  EXPECT_THAT(config.input(0).dims(), ElementsAre(-1, 3));
  EXPECT_EQ(config.input(1).data_type(), inference::TYPE_STRING);
  ASSERT_EQ(config.output_size(), 1);
  EXPECT_EQ(config.output(0).data_type(), inference::TYPE_BF16);
  EXPECT_THAT(config.output(0).dims(), ElementsAre(-1));
  ASSERT_EQ(config.parameters_size(), 1);
  EXPECT_EQ(config.parameters().at("lamina.classes.y").string_value(), R"(["no","yes"])");
}

TEST(KserveMetadataTest, EveryTypeHasAWordInTheConfig) {
  for (const ElementType type :
       {ElementType::kBool, ElementType::kU8, ElementType::kU16, ElementType::kU32, ElementType::kU64, ElementType::kI8,
        ElementType::kI16, ElementType::kI32, ElementType::kI64, ElementType::kF16, ElementType::kBF16,
        ElementType::kF32, ElementType::kF64, ElementType::kString}) {
    auto signature = std::make_shared<Signature>();
    signature->inputs = {{.name = "x", .type = type}};
    inference::ModelConfig config;
    WriteModelConfig({.name = "m", .signature = signature}, config);
    EXPECT_NE(config.input(0).data_type(), inference::TYPE_INVALID) << KserveDatatype(type);
  }
}

TEST(KserveMetadataTest, Server) {
  inference::ServerMetadataResponse response;
  WriteServerMetadata(response);
  EXPECT_EQ(response.name(), "lamina");
  EXPECT_THAT(response.extensions(),
              ElementsAre("model_configuration", "model_repository", "statistics", "system_shared_memory"));
  EXPECT_THAT(response.version(), testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
}

}  // namespace
}  // namespace lamina::server
