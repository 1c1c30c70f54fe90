#ifndef LAMINA_SERVER_TRANSPORT_HTTP1_STATUS_H_
#define LAMINA_SERVER_TRANSPORT_HTTP1_STATUS_H_

#include <utility>

namespace lamina::server {

/// The words that follow a status in HTTP/1.1's first line.
constexpr const char* HttpReason(int status) {
  constexpr std::pair<int, const char*> kReasons[] = {
      {200, "OK"},
      {204, "No Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {499, "Client Closed Request"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  };
  for (const auto& [known, reason] : kReasons) {
    if (known == status) return reason;
  }
  return "Status";
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HTTP1_STATUS_H_
