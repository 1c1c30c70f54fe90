#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_WIRE_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_WIRE_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace lamina::server {

/// The value of `grpc-timeout`: "100m" is 100 ms. Nothing when it is not one; what is longer than a year counts as a
/// year.
std::optional<std::chrono::nanoseconds> ParseGrpcTimeout(std::string_view text);

/// A message as the value of `grpc-message`: all but printable ASCII is percent-encoded, and '%'.
std::string EncodeGrpcMessage(std::string_view message);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_WIRE_H_
