#include "server/protocols/kserve/rest_metadata.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/protocols/kserve/datatype.h"
#include "server/protocols/kserve/metadata.h"

namespace lamina::server {
namespace {

void WriteTensors(std::string_view key, const std::vector<TensorInfo>& tensors, JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const TensorInfo& tensor : tensors) {
    json.BeginObject().Key("name").String(tensor.name).Key("datatype").String(KserveDatatype(tensor.type));
    json.Key("shape").BeginArray().Numbers(std::span<const int64_t>(tensor.shape));
    // As over gRPC: the protocol has no word for a shape of any rank.
    if (tensor.any_rank) json.Number(-1);
    json.EndArray().EndObject();
  }
  json.EndArray();
}

template <typename Tensors>
void WriteConfigTensors(std::string_view key, const Tensors& tensors, JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const auto& tensor : tensors) {
    json.BeginObject().Key("name").String(tensor.name());
    json.Key("data_type").String(inference::DataType_Name(tensor.data_type()));
    const std::span<const int64_t> dims(tensor.dims().data(), static_cast<size_t>(tensor.dims_size()));
    json.Key("dims").BeginArray().Numbers(dims).EndArray().EndObject();
  }
  json.EndArray();
}

}  // namespace

void WriteServerMetadata(JsonWriter& json) {
  inference::ServerMetadataResponse server;
  WriteServerMetadata(server);
  json.BeginObject().Key("name").String(server.name()).Key("version").String(server.version());
  json.Key("extensions").BeginArray();
  // What there is over gRPC, and what gRPC has no need of.
  json.String("binary_tensor_data");
  for (const std::string& extension : server.extensions()) json.String(extension);
  json.EndArray().EndObject();
}

void WriteModelMetadata(const ModelMetadata& metadata, JsonWriter& json) {
  json.BeginObject().Key("name").String(metadata.name).Key("versions").BeginArray();
  for (const int64_t version : metadata.versions) json.String(std::to_string(version));
  json.EndArray().Key("platform").String(metadata.platform);
  WriteTensors("inputs", metadata.signature->inputs, json);
  WriteTensors("outputs", metadata.signature->outputs, json);
  const auto& properties = metadata.signature->properties;
  if (!properties.empty()) {
    json.Key("properties").BeginObject();
    for (const auto& [key, value] : properties) json.Key(std::string_view(key)).String(value);
    json.EndObject();
  }
  json.EndObject();
}

void WriteModelConfig(const ModelMetadata& metadata, JsonWriter& json) {
  inference::ModelConfig config;
  WriteModelConfig(metadata, config);
  json.BeginObject().Key("name").String(config.name()).Key("platform").String(config.platform());
  json.Key("backend").String(config.backend()).Key("max_batch_size").Number(config.max_batch_size());
  WriteConfigTensors("input", config.input(), json);
  WriteConfigTensors("output", config.output(), json);
  const auto& properties = metadata.signature->properties;
  if (!properties.empty()) {
    json.Key("parameters").BeginObject();
    for (const auto& [key, value] : properties) {
      json.Key(std::string_view(key)).BeginObject().Key("string_value").String(value).EndObject();
    }
    json.EndObject();
  }
  json.EndObject();
}

}  // namespace lamina::server
