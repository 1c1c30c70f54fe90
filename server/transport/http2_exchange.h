#ifndef LAMINA_SERVER_TRANSPORT_HTTP2_EXCHANGE_H_
#define LAMINA_SERVER_TRANSPORT_HTTP2_EXCHANGE_H_

#include <memory>

#include "server/transport/http2_stream.h"
#include "server/transport/services.h"

namespace lamina::server {

/// Begins a request over HTTP/2 that is no gRPC call: returns what collects its body.
std::unique_ptr<StreamReceiver> MakeHttp2Receiver(Http2Stream& stream, const std::shared_ptr<const Services>& services);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP2_EXCHANGE_H_
