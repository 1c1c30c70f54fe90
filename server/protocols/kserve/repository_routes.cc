#include "server/protocols/kserve/repository_routes.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/kserve/inference.pb.h"
#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"
#include "server/protocols/kserve/repository.h"
#include "server/protocols/kserve/rest_repository.h"
#include "server/protocols/kserve/version.h"

namespace lamina::server {
namespace {

absl::StatusOr<HttpResponse> Index(const Core& core, const HttpRequest& request) {
  LAMINA_ASSIGN_OR_RETURN(const bool ready, ReadIndexBody(request.text()));
  JsonWriter json;
  WriteRepositoryIndex(core.RepositoryIndex(ready), json);
  return JsonResponse(json);
}

absl::StatusOr<HttpResponse> Statistics(const Core& core, const PathParameters& path) {
  LAMINA_ASSIGN_OR_RETURN(const std::vector<ModelStatistics> statistics,
                          core.Statistics(path.Get("model"), ParseKserveVersion(path.Get("version"))));
  JsonWriter json;
  WriteModelStatistics(statistics, json);
  return JsonResponse(json);
}

/// Answers a request when a change is done, from the thread that made it.
ChangeDone AnswerWhenMade(std::unique_ptr<HttpExchange> exchange) {
  return [exchange = std::move(exchange)](const absl::Status& status) {
    if (!status.ok()) return exchange->Respond(ErrorResponse(status));
    JsonWriter json;
    json.BeginObject().EndObject();
    exchange->Respond(JsonResponse(json));
  };
}

void Load(Core& core, std::unique_ptr<HttpExchange> exchange, const PathParameters& path) {
  inference::RepositoryModelLoadRequest request;
  request.set_model_name(std::string(path.Get("model")));
  absl::Status status = ReadParametersBody(exchange->request().text(), *request.mutable_parameters());
  if (!status.ok()) return exchange->Respond(ErrorResponse(status));
  const auto config = ReadLoadConfig(request);
  if (!config.ok()) return exchange->Respond(ErrorResponse(config.status()));
  core.LoadModel(request.model_name(), *config, AnswerWhenMade(std::move(exchange)));
}

void Unload(Core& core, std::unique_ptr<HttpExchange> exchange, const PathParameters& path) {
  inference::RepositoryModelUnloadRequest request;
  request.set_model_name(std::string(path.Get("model")));
  absl::Status status = ReadParametersBody(exchange->request().text(), *request.mutable_parameters());
  if (status.ok()) status = CheckUnload(request);
  if (!status.ok()) return exchange->Respond(ErrorResponse(status));
  core.UnloadModel(request.model_name(), AnswerWhenMade(std::move(exchange)));
}

}  // namespace

void AddKserveRepositoryRoutes(Core& core, Router& router) {
  router.Add("POST", "/v2/repository/index",
             [&core](const HttpRequest& request, const PathParameters&) { return Index(core, request); });
  router.AddHandler("POST", "/v2/repository/models/{model}/load",
                    [&core](std::unique_ptr<HttpExchange> exchange, const PathParameters& path) {
                      Load(core, std::move(exchange), path);
                    });
  router.AddHandler("POST", "/v2/repository/models/{model}/unload",
                    [&core](std::unique_ptr<HttpExchange> exchange, const PathParameters& path) {
                      Unload(core, std::move(exchange), path);
                    });
  for (const char* path :
       {"/v2/models/stats", "/v2/models/{model}/stats", "/v2/models/{model}/versions/{version}/stats"}) {
    router.Add("GET", path,
               [&core](const HttpRequest&, const PathParameters& found) { return Statistics(core, found); });
  }
}

}  // namespace lamina::server
