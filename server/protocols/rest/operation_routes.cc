#include "server/protocols/rest/operation_routes.h"

#include "server/protocols/kserve/repository_routes.h"
#include "server/protocols/tfserving/config_routes.h"

namespace lamina::server {
namespace {

void AddMetricsRoute(const Core& core, Router& router) {
  router.Add("GET", "/metrics", [&core](const HttpRequest&, const PathParameters&) {
    HttpResponse response{.content_type = "text/plain; version=0.0.4; charset=utf-8"};
    response.body.emplace_back(core.MetricsText());
    return response;
  });
}

}  // namespace

std::vector<AddRoutes> OperationRoutes(Core& core) {
  return {[&core](Router& router) { AddKserveRepositoryRoutes(core, router); },
          [&core](Router& router) { AddConfigRoutes(core, router); },
          [&core](Router& router) { AddMetricsRoute(core, router); }};
}

}  // namespace lamina::server
