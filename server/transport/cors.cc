#include "server/transport/cors.h"

#include <algorithm>

#include "server/transport/incoming_request.h"

namespace lamina::server {
namespace {

// What a script may read of an answer besides what it always may.
constexpr char kExposed[] = "inference-header-content-length, allow, www-authenticate";
constexpr char kMethods[] = "GET, HEAD, POST";
constexpr char kSeconds[] = "7200";  // for which a browser need not ask again; Chromium's limit

}  // namespace

std::string_view CorsPolicy::Allowed(std::string_view origin) const {
  if (origin.empty()) return {};
  if (std::find(origins_.begin(), origins_.end(), "*") != origins_.end()) return "*";
  const auto found = std::find(origins_.begin(), origins_.end(), origin);
  return found == origins_.end() ? std::string_view() : std::string_view(*found);
}

std::optional<HttpResponse> CorsPolicy::Preflight(const HttpRequest& request) const {
  if (request.method != "OPTIONS" || request.Header("access-control-request-method").empty()) return std::nullopt;
  const std::string_view allowed = Allowed(request.Header("origin"));
  if (allowed.empty()) {
    return Refusal(403, "pages of this origin may not ask here; the server's rest_cors_origins has those that may");
  }
  HttpResponse response{.status = 204};
  response.headers.emplace_back("access-control-allow-origin", allowed);
  response.headers.emplace_back("access-control-allow-methods", kMethods);
  if (const std::string_view headers = request.Header("access-control-request-headers"); !headers.empty()) {
    response.headers.emplace_back("access-control-allow-headers", headers);
  }
  response.headers.emplace_back("access-control-max-age", kSeconds);
  response.headers.emplace_back("vary", "origin, access-control-request-headers");
  return response;
}

void CorsPolicy::AddTo(std::string_view origin, HttpResponse& response) const {
  const std::string_view allowed = Allowed(origin);
  if (allowed != "*") response.headers.emplace_back("vary", "origin");
  if (allowed.empty()) return;
  response.headers.emplace_back("access-control-allow-origin", allowed);
  response.headers.emplace_back("access-control-expose-headers", kExposed);
}

}  // namespace lamina::server
