#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_BINARY_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_BINARY_H_

#include <string_view>

#include "absl/status/statusor.h"

namespace lamina::server {

/// The header of a request and of a reply that says how many bytes of the body are JSON; tensors follow it.
inline constexpr char kJsonSizeHeader[] = "inference-header-content-length";

/// A body's two parts, views of it.
struct RestBody {
  std::string_view json;
  std::string_view binary;
};

/// Splits a body by the value of kJsonSizeHeader. Empty: all of the body is JSON.
absl::StatusOr<RestBody> SplitRestBody(std::string_view body, std::string_view json_size);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_BINARY_H_
