#ifndef LAMINA_SERVER_TRANSPORT_TRANSPORT_LIMITS_H_
#define LAMINA_SERVER_TRANSPORT_TRANSPORT_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace lamina::server {

/// What a client may ask of the transport. Constant while the server runs.
struct TransportLimits {
  size_t max_message_bytes = size_t{1} << 30;  // of one message or body, compressed or not
  size_t max_header_bytes = size_t{64} << 10;  // of all headers of a request, 32 more for each

  int max_connections = 16384;
  uint32_t max_streams = 1024;  // requests of one connection at a time
  // Requests that a client has taken back may go on for a while: the same again is allowed of them.
  size_t max_control_frames_per_s = 5000;  // PING, SETTINGS, PRIORITY, empty DATA of one connection
  uint64_t stream_resets_burst = 1000, stream_resets_per_s = 200;

  // Answers that a client has not taken yet, of one connection: from here on it may send no more requests than its
  // window has room for, from eight times as much on they are refused.
  size_t max_unsent_bytes = size_t{64} << 20;

  // The same of all connections. When there are more, only small answers are given: those after which a connection has
  // no more than `small_unsent_bytes` unsent. Who then takes nothing is given up after `crowded_write_timeout`.
  size_t max_all_unsent_bytes = size_t{2} << 30;  // half of what requests may take, unless a test says otherwise
  size_t small_unsent_bytes = size_t{256} << 10;
  std::chrono::milliseconds crowded_write_timeout{5'000};

  std::chrono::milliseconds handshake_timeout{10'000};  // of TLS
  std::chrono::milliseconds header_timeout{10'000};     // from a request's first byte to the end of its headers
  std::chrono::milliseconds body_timeout{30'000};       // without body_progress_bytes of a body, or its end
  std::chrono::milliseconds write_timeout{60'000};      // without a byte taken by a client
  std::chrono::milliseconds idle_timeout{600'000};      // of a connection without a request

  size_t body_progress_bytes = size_t{8} << 10;

  size_t socket_output_bytes = size_t{4} << 20;  // written ahead of the socket
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TRANSPORT_LIMITS_H_
