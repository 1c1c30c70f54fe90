#ifndef LAMINA_SERVER_TRANSPORT_GRPC_RESPONSE_H_
#define LAMINA_SERVER_TRANSPORT_GRPC_RESPONSE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/bytes.h"
#include "server/transport/compression.h"
#include "server/transport/http2_stream.h"

namespace lamina::server {

/// A message as it goes over the wire: with its prefix, and compressed when that is asked for and worth it.
std::vector<Bytes> FrameGrpcMessage(Coding coding, std::vector<Bytes> message);

/// Sends a framed message, and before the first the headers. Does nothing when the stream has gone. On its loop's
/// thread.
void WriteGrpcMessage(Http2Stream& stream, Coding coding, std::vector<Bytes> framed);

/// Ends a call. Does nothing when it has ended. On its loop's thread.
void FinishGrpc(Http2Stream& stream, const absl::Status& status);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_GRPC_RESPONSE_H_
