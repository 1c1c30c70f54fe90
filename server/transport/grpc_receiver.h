#ifndef LAMINA_SERVER_TRANSPORT_GRPC_RECEIVER_H_
#define LAMINA_SERVER_TRANSPORT_GRPC_RECEIVER_H_

#include <memory>

#include "server/transport/http2_stream.h"
#include "server/transport/services.h"

namespace lamina::server {

/// Whether a request is a gRPC call.
bool IsGrpc(const HeaderList& headers);

/// Begins a gRPC call: finds its method, and returns what takes in its messages; nullptr when the call is answered
/// already, with an error.
std::unique_ptr<StreamReceiver> MakeGrpcReceiver(Http2Stream& stream, const std::shared_ptr<const Services>& services);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_GRPC_RECEIVER_H_
