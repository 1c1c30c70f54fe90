#include "server/transport/wrong_port.h"

#include "absl/strings/str_cat.h"

namespace lamina::server {

// To HTTP/2's preface, too: a GOAWAY with the sentence would have gRPC's clients come back at once, thousands of times
// a second, as after the SETTINGS before it they take the connection for a good one. A 400 has them wait.
std::string PlainTextRefusal(std::string_view first_bytes) {
  if (first_bytes.empty() || first_bytes[0] < 'A' || first_bytes[0] > 'Z') return {};
  const std::string body = "{\"error\":\"this port speaks TLS: use https://, or a secure channel of gRPC\"}";
  return absl::StrCat("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ", body.size(),
                      "\r\nConnection: close\r\n\r\n", body);
}

}  // namespace lamina::server
