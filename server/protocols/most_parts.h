#ifndef LAMINA_SERVER_PROTOCOLS_MOST_PARTS_H_
#define LAMINA_SERVER_PROTOCOLS_MOST_PARTS_H_

#include <cstddef>

namespace lamina::server {

/// Inputs, outputs, dimensions of all shapes, or keys of one JSON object, of one request, at most: no model has as
/// many, and each takes many times the few bytes that it may have in a message.
inline constexpr size_t kMostParts = 1 << 16;

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_MOST_PARTS_H_
