#include "server/protocols/kserve/rest_routes.h"

#include <memory>
#include <string>
#include <utility>

#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"
#include "server/protocols/http/infer_exchange.h"
#include "server/protocols/kserve/version.h"
#include "server/protocols/kserve/rest_infer.h"
#include "server/protocols/kserve/rest_metadata.h"

namespace lamina::server {
namespace {

/// What a health probe gets: its answer in the status and in the body.
HttpResponse Health(std::string_view key, bool value) {
  JsonWriter json;
  json.BeginObject().Key(key).Bool(value).EndObject();
  HttpResponse response = JsonResponse(json);
  if (!value) response.status = 503;
  return response;
}

VersionSelector Version(const PathParameters& path) { return ParseKserveVersion(path.Get("version")); }

absl::StatusOr<HttpResponse> Describe(const Core& core, const PathParameters& path) {
  LAMINA_ASSIGN_OR_RETURN(const ModelMetadata metadata, core.Metadata(path.Get("model"), Version(path)));
  JsonWriter json;
  WriteModelMetadata(metadata, json);
  return JsonResponse(json);
}

absl::StatusOr<HttpResponse> ModelReady(const Core& core, const PathParameters& path) {
  LAMINA_RETURN_IF_ERROR(core.ModelReady(path.Get("model"), Version(path)));
  JsonWriter json;
  json.BeginObject().Key("name").String(path.Get("model")).Key("ready").Bool(true).EndObject();
  return JsonResponse(json);
}

}  // namespace

void AddKserveRoutes(Core& core, Router& router) {
  router.Add("GET", "/v2", [](const HttpRequest&, const PathParameters&) {
    JsonWriter json;
    WriteServerMetadata(json);
    return JsonResponse(json);
  });
  router.Add("GET", "/v2/health/live",
             [&core](const HttpRequest&, const PathParameters&) { return Health("live", core.Live()); });
  router.Add("GET", "/v2/health/ready",
             [&core](const HttpRequest&, const PathParameters&) { return Health("ready", core.Ready()); });
  for (const std::string model : {"/v2/models/{model}", "/v2/models/{model}/versions/{version}"}) {
    router.Add("GET", model, [&core](const HttpRequest&, const PathParameters& path) { return Describe(core, path); });
    router.Add("GET", model + "/ready",
               [&core](const HttpRequest&, const PathParameters& path) { return ModelReady(core, path); });
    router.AddHandler("POST", model + "/infer", [&core](std::unique_ptr<HttpExchange> exchange, PathParameters path) {
      auto infer = std::make_unique<KserveRestInfer>(exchange->request(), std::move(path));
      RunInfer(core, std::move(exchange), std::move(infer));
    });
  }
}

}  // namespace lamina::server
