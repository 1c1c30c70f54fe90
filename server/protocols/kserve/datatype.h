#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_DATATYPE_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_DATATYPE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server/api/element_type.h"

namespace lamina::server {

/// KServe's name of an element type: FP32, INT64, BYTES, ...; empty for kUndefined.
std::string_view KserveDatatype(ElementType type);

/// The type that a KServe name stands for; kUndefined when there is none.
ElementType ParseKserveDatatype(std::string_view name);

/// "datatype FP32 and shape [1, 4]", for messages.
std::string TypeAndShape(ElementType type, std::span<const int64_t> shape);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_DATATYPE_H_
