#ifndef LAMINA_SERVER_ENGINE_RESHAPE_H_
#define LAMINA_SERVER_ENGINE_RESHAPE_H_

#include <memory>

#include "absl/status/status.h"
#include "openvino/core/model.hpp"
#include "server/config/model_config.h"
#include "server/engine/name_mapping.h"

namespace lamina::server {

/// Gives a model the layouts, and then the shapes or the batch size, of its configuration. Inputs are named as in the
/// model or as clients see them. An error says which input or shape does not fit.
absl::Status ApplyShapes(std::shared_ptr<ov::Model>& model, const ModelConfig& config, const NameMapping& names);

/// Refuses a Gather with an input whose shape says that it has no elements: the engine divides by their number, which
/// ends the process (2026.4). Where only the request says so it does not.
absl::Status RefuseEmptyGathers(const ov::Model& model);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_RESHAPE_H_
