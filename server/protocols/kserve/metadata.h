#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_METADATA_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_METADATA_H_

#include "proto/kserve/inference.pb.h"
#include "server/api/metadata.h"

namespace lamina::server {

/// Says in KServe's words what this server is.
void WriteServerMetadata(inference::ServerMetadataResponse& response);

/// Says in KServe's words what a model takes and gives.
void WriteModelMetadata(const ModelMetadata& metadata, inference::ModelMetadataResponse& response);

/// The same in the words of Triton's model configuration. Every `dims` is a whole shape.
void WriteModelConfig(const ModelMetadata& metadata, inference::ModelConfig& config);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_METADATA_H_
