#include "server/protocols/rest/rest_handler.h"

#include <spdlog/spdlog.h>

#include <memory>
#include <new>
#include <utility>

#include "server/protocols/kserve/rest_routes.h"
#include "server/protocols/tfserving/rest_routes.h"

namespace lamina::server {

Router MakeRestRouter(Core& core, const std::vector<AddRoutes>& more) {
  Router router;
  AddKserveRoutes(core, router);
  AddTfServingRoutes(core, router);
  router.Add("GET", "/openapi.json", [](const HttpRequest&, const PathParameters&) {
    HttpResponse response{.content_type = "application/json"};
    response.body.emplace_back(OpenApiDocument());
    return response;
  });
  for (const AddRoutes& add : more) add(router);
  return router;
}

HttpHandler MakeRestHandler(Core& core, const std::vector<AddRoutes>& more) {
  return [router = std::make_shared<const Router>(MakeRestRouter(core, more))](std::unique_ptr<HttpExchange> exchange) {
    try {
      router->Handle(std::move(exchange));
    } catch (const std::bad_alloc&) {
      // The exchange is gone, which answered it with 500; the thread has others to serve.
      spdlog::error("a request was given up: there was no memory for its tensors");
    }
  };
}

}  // namespace lamina::server
