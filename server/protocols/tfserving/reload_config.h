#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_RELOAD_CONFIG_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_RELOAD_CONFIG_H_

#include <vector>

#include "absl/status/statusor.h"
#include "proto/tensorflow_serving/model_management.pb.h"
#include "server/api/repository.h"

namespace lamina::server {

/// The models that a ReloadConfigRequest wants served. INVALID_ARGUMENT when it holds no list of models.
absl::StatusOr<std::vector<WantedModel>> ReadReloadConfig(const tensorflow::serving::ReloadConfigRequest& request);

/// Says in the response how the change went, as well as the call's own status does.
void WriteReloadStatus(const absl::Status& status, tensorflow::serving::ReloadConfigResponse& response);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_RELOAD_CONFIG_H_
