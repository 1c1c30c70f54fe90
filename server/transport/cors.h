#ifndef LAMINA_SERVER_TRANSPORT_CORS_H_
#define LAMINA_SERVER_TRANSPORT_CORS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/protocols/http/http.h"

namespace lamina::server {

/// Which pages' scripts a browser lets ask this server, and read its answers (CORS, of the Fetch standard). Cookies and
/// the like are never allowed; a token in Authorization is. Constant, so that any thread may use it.
class CorsPolicy {
 public:
  /// `origins` such as "https://app.example:8443", or "*" for all.
  explicit CorsPolicy(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  /// The answer to the question whether a request may be made; nothing: this is no such question.
  std::optional<HttpResponse> Preflight(const HttpRequest& request) const;

  /// Lets the script read an answer, if it comes from one of the origins. `origin` is the request's header.
  void AddTo(std::string_view origin, HttpResponse& response) const;

 private:
  /// What the script's origin is answered; empty: it is none of them.
  std::string_view Allowed(std::string_view origin) const;

  const std::vector<std::string> origins_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_CORS_H_
