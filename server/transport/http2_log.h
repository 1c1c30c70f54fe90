#ifndef LAMINA_SERVER_TRANSPORT_HTTP2_LOG_H_
#define LAMINA_SERVER_TRANSPORT_HTTP2_LOG_H_

#include <cstdint>
#include <string>

#include "server/transport/transport_limits.h"

namespace lamina::server {

/// Of a client that is sent GOAWAY with this error: what it did, as far as the error tells.
std::string WhyGoaway(uint32_t error, const TransportLimits& limits);

/// Of a client whose connection nghttp2 gives up with this error, without a word.
std::string WhyCutOff(int error);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP2_LOG_H_
