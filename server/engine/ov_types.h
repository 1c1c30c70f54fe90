#ifndef LAMINA_SERVER_ENGINE_OV_TYPES_H_
#define LAMINA_SERVER_ENGINE_OV_TYPES_H_

#include <cstdint>
#include <vector>

#include "openvino/core/partial_shape.hpp"
#include "openvino/core/type/element_type.hpp"
#include "server/api/element_type.h"
#include "server/api/metadata.h"

namespace lamina::server {

/// kUndefined for types that no protocol carries (4-bit, 8-bit floats).
ElementType FromOv(const ov::element::Type& type);
ov::element::Type ToOv(ElementType type);

/// -1 for dimensions that are not fixed. REQUIRES: the rank is known.
std::vector<int64_t> FromOv(const ov::PartialShape& shape);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_OV_TYPES_H_
