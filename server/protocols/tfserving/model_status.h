#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_MODEL_STATUS_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_MODEL_STATUS_H_

#include <span>

#include "proto/tensorflow_serving/get_model_status.pb.h"
#include "server/api/metadata.h"

namespace lamina::server {

/// Says in TensorFlow Serving's words how a model's versions are. A version that failed to load is LOADING with the
/// error `Error occurred while loading version`, followed by the reason.
void WriteModelStatus(std::span<const VersionStatus> versions, tensorflow::serving::GetModelStatusResponse& response);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_MODEL_STATUS_H_
