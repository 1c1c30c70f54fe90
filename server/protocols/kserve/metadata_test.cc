#include "server/protocols/kserve/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(KserveMetadataTest, Model) {
  auto signature = std::make_shared<Signature>();
  signature->inputs = {{.name = "x", .type = ElementType::kF32, .shape = {-1, 3}},
                       {.name = "s", .type = ElementType::kString, .shape = {}}};
  signature->outputs = {{.name = "y", .type = ElementType::kI64, .any_rank = true}};
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
}

TEST(KserveMetadataTest, Server) {
  inference::ServerMetadataResponse response;
  WriteServerMetadata(response);
  EXPECT_EQ(response.name(), "lamina");
  EXPECT_THAT(response.extensions(), ElementsAre("model_repository", "statistics", "system_shared_memory"));
  EXPECT_THAT(response.version(), testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
}

}  // namespace
}  // namespace lamina::server
