#include "server/protocols/http/health.h"

#include <memory>
#include <string_view>
#include <utility>

namespace lamina::server {
namespace {

HttpResponse Answer(const Core& core, const HttpRequest& request) {
  const bool live = request.path == "/v2/health/live", ready = request.path == "/v2/health/ready";
  HttpResponse response;
  if (!live && !ready) {
    response.status = 404;
    response.content_type = "application/json";
    response.body.emplace_back(std::string_view(
        R"({"error":"nothing is served at this path; there are /v2/health/live and /v2/health/ready"})"));
  } else if (request.method != "GET") {
    response.status = 405;
    response.headers.emplace_back("allow", "GET, HEAD");
  } else if (!(live ? core.Live() : core.Ready())) {
    response.status = 503;
  }
  return response;
}

}  // namespace

HttpHandler MakeHealthHandler(const Core& core) {
  return [&core](std::unique_ptr<HttpExchange> exchange) { exchange->Respond(Answer(core, exchange->request())); };
}

}  // namespace lamina::server
