#ifndef LAMINA_SERVER_TRANSPORT_TESTING_HTTP2_CLIENT_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_HTTP2_CLIENT_H_

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/transport/testing/client_socket.h"

namespace lamina::server {

/// A client of HTTP/2 for tests: sends what it is told, and keeps what it gets. Used by one thread.
class Http2Client {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  struct Response {
    std::map<std::string, std::string> headers;  // and trailers
    std::string body;
    bool closed = false;
    uint32_t error = 0;  // HTTP/2's, when closed
  };

  explicit Http2Client(int port, const std::vector<nghttp2_settings_entry>& settings = {});
  ~Http2Client();

  /// Begins a request with a body; returns its stream. More of the body may follow unless `end`.
  int32_t Send(const Headers& headers, const std::string& body, bool end = true);
  void SendMore(int32_t stream, const std::string& body, bool end);
  void Cancel(int32_t stream);

  /// Until the stream is closed, or the connection.
  const Response& Wait(int32_t stream);
  /// Until the stream's body has so many bytes, or is closed.
  const Response& WaitForBody(int32_t stream, size_t size);
  /// Until the connection is closed; the error of the last GOAWAY.
  uint32_t WaitForGoaway();

  /// The headers of a gRPC call.
  static Headers Grpc(const std::string& path, const Headers& more = {});
  /// A message with gRPC's prefix.
  static std::string Framed(const std::string& message);

 private:
  struct Body {
    std::string bytes;
    bool end = false;
  };
  friend struct Http2ClientCallbacks;

  /// One round of sending and receiving; false when the connection has ended.
  bool Exchange();
  void Flush();

  ClientSocket socket_;
  nghttp2_session* session_ = nullptr;
  bool connected_ = true;
  uint32_t goaway_ = 0;
  std::map<int32_t, Body> bodies_;
  std::map<int32_t, Response> responses_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_HTTP2_CLIENT_H_
