#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_SIGNATURE_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_SIGNATURE_H_

#include "absl/status/status.h"
#include "proto/tensorflow_serving/get_model_metadata.pb.h"
#include "server/api/metadata.h"

namespace lamina::server {

/// An error unless the request asks for the one kind of metadata there is, signature_def.
absl::Status CheckMetadataFields(const tensorflow::serving::GetModelMetadataRequest& request);

/// Says in TensorFlow's words what a model takes and gives.
void WriteModelMetadata(const ModelMetadata& metadata, tensorflow::serving::GetModelMetadataResponse& response);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_SIGNATURE_H_
