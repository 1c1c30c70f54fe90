#include "server/protocols/kserve/metadata.h"

#include <string>
#include <string_view>

#include "server/api/core.h"
#include "server/protocols/kserve/datatype.h"

namespace lamina::server {
namespace {

using TensorMetadata = inference::ModelMetadataResponse::TensorMetadata;

void WriteTensor(const TensorInfo& info, TensorMetadata& tensor) {
  tensor.set_name(info.name);
  const std::string_view datatype = KserveDatatype(info.type);
  tensor.set_datatype(datatype.data(), datatype.size());
  tensor.mutable_shape()->Add(info.shape.begin(), info.shape.end());
  // The protocol has no word for a shape of any rank: one dimension of any size comes nearest.
  if (info.any_rank) tensor.add_shape(-1);
}

/// Triton's configuration says TYPE_ and what the protocol says elsewhere, and calls BYTES strings.
inference::DataType ConfigType(ElementType type) {
  std::string name = "TYPE_";
  name += type == ElementType::kString ? "STRING" : KserveDatatype(type);
  inference::DataType value = inference::TYPE_INVALID;
  inference::DataType_Parse(name, &value);
  return value;
}

template <typename Tensor>
void WriteConfigTensor(const TensorInfo& info, Tensor& tensor) {
  tensor.set_name(info.name);
  tensor.set_data_type(ConfigType(info.type));
  tensor.mutable_dims()->Add(info.shape.begin(), info.shape.end());
  if (info.any_rank) tensor.add_dims(-1);
}

}  // namespace

void WriteServerMetadata(inference::ServerMetadataResponse& response) {
  response.set_name(std::string(kServerName));
  response.set_version(LAMINA_VERSION);
  for (const char* extension : {"model_configuration", "model_repository", "statistics", "system_shared_memory"})
    response.add_extensions(extension);
}

void WriteModelMetadata(const ModelMetadata& metadata, inference::ModelMetadataResponse& response) {
  response.set_name(metadata.name);
  for (const int64_t version : metadata.versions) response.add_versions(std::to_string(version));
  response.set_platform(metadata.platform);
  for (const TensorInfo& input : metadata.signature->inputs) WriteTensor(input, *response.add_inputs());
  for (const TensorInfo& output : metadata.signature->outputs) WriteTensor(output, *response.add_outputs());
  for (const auto& [key, value] : metadata.signature->properties) (*response.mutable_properties())[key] = value;
}

void WriteModelConfig(const ModelMetadata& metadata, inference::ModelConfig& config) {
  config.set_name(metadata.name);
  config.set_platform(metadata.platform);
  config.set_backend("openvino");
  for (const TensorInfo& input : metadata.signature->inputs) WriteConfigTensor(input, *config.add_input());
  for (const TensorInfo& output : metadata.signature->outputs) WriteConfigTensor(output, *config.add_output());
  for (const auto& [key, value] : metadata.signature->properties)
    (*config.mutable_parameters())[key].set_string_value(value);
}

}  // namespace lamina::server
