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

}  // namespace

void WriteServerMetadata(inference::ServerMetadataResponse& response) {
  response.set_name(std::string(kServerName));
  response.set_version(LAMINA_VERSION);
  for (const char* extension : {"model_repository", "statistics", "system_shared_memory"})
    response.add_extensions(extension);
}

void WriteModelMetadata(const ModelMetadata& metadata, inference::ModelMetadataResponse& response) {
  response.set_name(metadata.name);
  for (const int64_t version : metadata.versions) response.add_versions(std::to_string(version));
  response.set_platform(metadata.platform);
  for (const TensorInfo& input : metadata.signature->inputs) WriteTensor(input, *response.add_inputs());
  for (const TensorInfo& output : metadata.signature->outputs) WriteTensor(output, *response.add_outputs());
}

}  // namespace lamina::server
