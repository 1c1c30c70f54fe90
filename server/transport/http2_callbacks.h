#ifndef LAMINA_SERVER_TRANSPORT_HTTP2_CALLBACKS_H_
#define LAMINA_SERVER_TRANSPORT_HTTP2_CALLBACKS_H_

#include <nghttp2/nghttp2.h>

#include "server/transport/transport_limits.h"

namespace lamina::server {

class Http2Session;

/// Makes the nghttp2 session behind an Http2Session, whose functions it calls. Throws std::bad_alloc.
nghttp2_session* MakeNghttp2Session(Http2Session& session, const TransportLimits& limits);

/// Where nghttp2 gets the body of a response: from the Http2Stream that `stream` points to.
nghttp2_data_provider BodyProvider(void* stream);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP2_CALLBACKS_H_
