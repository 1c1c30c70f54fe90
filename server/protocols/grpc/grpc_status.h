#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_STATUS_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include <chrono>

#include "absl/status/status.h"

namespace lamina::server {

/// The same status in gRPC's words.
grpc::Status ToGrpcStatus(const absl::Status& status);

/// A call's deadline on the clock that the core waits by. A call without one never ends.
std::chrono::steady_clock::time_point ToSteadyDeadline(std::chrono::system_clock::time_point deadline);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_STATUS_H_
