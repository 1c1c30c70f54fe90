#ifndef LAMINA_SERVER_CONFIG_SHAPE_TEXT_H_
#define LAMINA_SERVER_CONFIG_SHAPE_TEXT_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "server/config/model_config.h"

namespace lamina::server {

/// One dimension: `224`, `-1` (any size) or `1:8` (from 1 to 8).
absl::StatusOr<DimensionRange> ParseDimension(std::string_view text);

/// A shape: `auto`, `(1,3,224,224)` or `[1, 3, -1, 224]`.
absl::StatusOr<ShapeConfig> ParseShape(std::string_view text);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_SHAPE_TEXT_H_
