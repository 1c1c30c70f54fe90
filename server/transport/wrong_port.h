#ifndef LAMINA_SERVER_TRANSPORT_WRONG_PORT_H_
#define LAMINA_SERVER_TRANSPORT_WRONG_PORT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace lamina::server {

/// What a client of TLS sends first of all.
inline constexpr std::byte kTlsHandshake{0x16};

/// Whether a client begins with TLS. REQUIRES: bytes that it sent first.
inline bool LooksLikeTls(std::string_view bytes) { return static_cast<std::byte>(bytes.front()) == kTlsHandshake; }

/// What a client is answered that speaks without TLS where it is needed: a 400 of HTTP/1.1, if it speaks HTTP.
std::string PlainTextRefusal(std::string_view first_bytes);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_WRONG_PORT_H_
