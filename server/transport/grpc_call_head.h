#ifndef LAMINA_SERVER_TRANSPORT_GRPC_CALL_HEAD_H_
#define LAMINA_SERVER_TRANSPORT_GRPC_CALL_HEAD_H_

#include <chrono>
#include <memory>

#include "absl/status/statusor.h"
#include "server/transport/compression.h"
#include "server/transport/http2_stream.h"

namespace lamina::server {

/// What is known of a call when its headers are there. Constant from then on.
struct GrpcCallHead {
  std::shared_ptr<Http2Stream> stream;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  Coding request_coding = Coding::kIdentity;
  Coding response_coding = Coding::kIdentity;
};

/// Reads the stream's headers. An error is what the call is answered with.
absl::StatusOr<GrpcCallHead> ReadGrpcCallHead(Http2Stream& stream);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_GRPC_CALL_HEAD_H_
