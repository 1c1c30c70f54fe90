#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_HTTP_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_HTTP_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/api/bytes.h"

namespace lamina::server {

struct HttpHeader {
  std::string_view name;  // in lower case
  std::string_view value;
};

/// A request over HTTP, of whichever version. All views stay until its exchange is answered.
struct HttpRequest {
  std::string_view method;  // "GET"
  std::string_view path;    // as it was sent, percent-encoded: "/v2/models/m/infer"
  std::string_view query;   // what came behind '?', percent-encoded; empty if there was none
  std::span<const HttpHeader> headers;
  /// The whole body, its Content-Encoding undone.
  std::span<const std::byte> body;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  /// Stops when the client has gone or has taken the request back.
  std::stop_token cancelled;

  /// The body again.
  std::string_view text() const { return {reinterpret_cast<const char*>(body.data()), body.size()}; }

  /// The value of the first header of this name (in lower case); empty if there is none.
  std::string_view Header(std::string_view name) const {
    for (const HttpHeader& header : headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }
};

struct HttpResponse {
  int status = 200;
  std::string_view content_type;  // of static storage; empty: there is no body
  /// Besides Content-Type, Content-Length and Date, which the transport writes; names in lower case.
  std::vector<std::pair<std::string, std::string>> headers;
  /// Sent one behind the other, without a copy.
  std::vector<Bytes> body;
};

/// A request and the right to answer it. Destroyed unanswered it is answered with 500; while
/// something is thrown, as for want of memory, with 429.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  virtual const HttpRequest& request() const = 0;

  /// Answers, from any thread. To be called once; the request's views are invalid from then on.
  virtual void Respond(HttpResponse response) = 0;
};

/// Takes a request on a thread of the transport, and answers it there at once or later from another thread.
using HttpHandler = std::function<void(std::unique_ptr<HttpExchange>)>;

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_HTTP_H_
