#include "server/protocols/kserve/rest_routes.h"

#include <memory>
#include <string>
#include <utility>

#include "server/protocols/http/http_status.h"
#include "server/protocols/http/infer_exchange.h"
#include "server/protocols/kserve/rest_infer.h"
#include "server/protocols/kserve/rest_metadata.h"
#include "server/protocols/kserve/version.h"

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

using WriteDescription = void (*)(const ModelMetadata& metadata, JsonWriter& json);

absl::StatusOr<HttpResponse> Describe(Core& core, const PathParameters& path, WriteDescription write) {
  const absl::StatusOr<ModelMetadata> metadata = core.Metadata(path.Get("model"), Version(path));
  core.CountCall({Interface::kRest, Method::kModelMetadata}, path.Get("model"), Version(path), metadata.ok());
  if (!metadata.ok()) return metadata.status();
  JsonWriter json;
  write(*metadata, json);
  return JsonResponse(json);
}

absl::StatusOr<HttpResponse> ModelReady(Core& core, const PathParameters& path) {
  const absl::Status status = core.ModelReady(path.Get("model"), Version(path));
  core.CountCall({Interface::kRest, Method::kModelReady}, path.Get("model"), Version(path), true);
  if (!status.ok()) return status;
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
    router.Add("GET", model, [&core](const HttpRequest&, const PathParameters& path) {
      return Describe(core, path, WriteModelMetadata);
    });
    router.Add("GET", model + "/config", [&core](const HttpRequest&, const PathParameters& path) {
      return Describe(core, path, WriteModelConfig);
    });
    router.Add("GET", model + "/ready",
               [&core](const HttpRequest&, const PathParameters& path) { return ModelReady(core, path); });
    router.AddHandler("POST", model + "/infer", [&core](std::unique_ptr<HttpExchange> exchange, PathParameters path) {
      auto infer = std::make_unique<KserveRestInfer>(exchange->request(), std::move(path), core.shared_memory());
      RunInfer(core, std::move(exchange), std::move(infer));
    });
  }
}

}  // namespace lamina::server
