#include "server/transport/check_access.h"

#include <string>
#include <string_view>

#include "server/access/open_paths.h"

namespace lamina::server {

absl::Status CheckAccess(const Guards& guards, const HeaderList& headers) {
  if (!guards.tokens || IsOpenPath(headers.Get(":path"))) return absl::OkStatus();
  return guards.tokens->Check(headers.Get("authorization"));
}

std::optional<HttpResponse> CheckAccess(const Guards& guards, IncomingRequest& request) {
  if (!guards.tokens || IsOpenPath(request.target().substr(0, request.target().find('?')))) return std::nullopt;
  // A browser asks so whether it may send a token, and has none to send with it; nothing is served by it.
  if (guards.cors && request.method() == "OPTIONS") return std::nullopt;
  const std::string_view authorization = request.headers().Get("authorization");
  const absl::Status status = guards.tokens->Check(authorization);
  if (status.ok()) return std::nullopt;
  HttpResponse response = Refusal(401, std::string(status.message()));
  response.headers.emplace_back("www-authenticate", authorization.empty()
                                                        ? "Bearer realm=\"lamina\""
                                                        : "Bearer realm=\"lamina\", error=\"invalid_token\"");
  if (guards.cors) guards.cors->AddTo(request.headers().Get("origin"), response);
  return response;
}

}  // namespace lamina::server
