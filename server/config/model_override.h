#ifndef LAMINA_SERVER_CONFIG_MODEL_OVERRIDE_H_
#define LAMINA_SERVER_CONFIG_MODEL_OVERRIDE_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/config/model_config.h"

namespace lamina::server {

/// A model with the settings of `json` over those of `base`, whose name stays: `{"nireq": 4, "base_path":
/// "/models/m"}`, the keys of config.json. Who asks for this may be any client: libraries of layers cannot be named,
/// and of the engine's properties only those be set that name no file. An error has every problem.
absl::StatusOr<ModelConfig> ParseModelOverride(const std::string& json, const ModelConfig& base);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_MODEL_OVERRIDE_H_
