#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_BINARY_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_BINARY_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/bytes.h"

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

/// Splits the elements of a BYTES tensor, each behind its length in 4 bytes, little-endian. They are views of `raw`.
absl::Status SplitBytesElements(std::string_view raw, size_t count, std::vector<std::string_view>& elements);

/// Writes elements in the same way.
absl::StatusOr<Bytes> JoinBytesElements(std::span<const std::string> elements);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_BINARY_H_
