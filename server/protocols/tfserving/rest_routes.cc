#include "server/protocols/tfserving/rest_routes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"
#include "server/protocols/http/infer_exchange.h"
#include "server/protocols/tfserving/message_json.h"
#include "server/protocols/tfserving/model_status.h"
#include "server/protocols/tfserving/rest_predict.h"
#include "server/protocols/tfserving/signature.h"

namespace lamina::server {
namespace {

HttpResponse Reply(const std::string& json) {
  HttpResponse response{.content_type = "application/json"};
  response.body.emplace_back(json);
  return response;
}

/// Without a version, or with version 0, as over gRPC: all of them.
absl::StatusOr<HttpResponse> Status(Core& core, const PathParameters& path) {
  LAMINA_ASSIGN_OR_RETURN(const VersionSelector version, ParseTfVersion(path));
  const bool all = version.version == 0 && version.label.empty();
  const auto versions = core.Status(path.Get("model"), all ? std::nullopt : std::optional(version));
  core.CountCall({Interface::kRest, Method::kGetModelStatus}, path.Get("model"), version, versions.ok());
  if (!versions.ok()) return versions.status();
  tensorflow::serving::GetModelStatusResponse response;
  WriteModelStatus(*versions, response);
  LAMINA_ASSIGN_OR_RETURN(const std::string json, MessageJson(response, JsonKeys::kAsInProto));
  return Reply(json);
}

absl::StatusOr<HttpResponse> Describe(Core& core, const PathParameters& path) {
  LAMINA_ASSIGN_OR_RETURN(const VersionSelector version, ParseTfVersion(path));
  const absl::StatusOr<ModelMetadata> metadata = core.Metadata(path.Get("model"), version);
  core.CountCall({Interface::kRest, Method::kGetModelMetadata}, path.Get("model"), version, metadata.ok());
  if (!metadata.ok()) return metadata.status();
  tensorflow::serving::GetModelMetadataResponse response;
  WriteModelMetadata(*metadata, response);
  LAMINA_ASSIGN_OR_RETURN(const std::string json, MessageJson(response, JsonKeys::kCamelCase));
  return Reply(json);
}

}  // namespace

void AddTfServingRoutes(Core& core, Router& router) {
  for (const std::string model :
       {"/v1/models/{model}", "/v1/models/{model}/versions/{version}", "/v1/models/{model}/labels/{label}"}) {
    router.Add("GET", model, [&core](const HttpRequest&, const PathParameters& path) { return Status(core, path); });
    router.Add("GET", model + "/metadata",
               [&core](const HttpRequest&, const PathParameters& path) { return Describe(core, path); });
    router.AddHandler("POST", model + ":predict", [&core](std::unique_ptr<HttpExchange> exchange, PathParameters path) {
      auto predict = std::make_unique<TfRestPredict>(core, exchange->request(), std::move(path));
      RunInfer(core, std::move(exchange), std::move(predict));
    });
    for (const char* method : {":classify", ":regress"})
      router.AddAbsent(model + method,
                       std::string(method) + " is not served; :predict is, with the model's own tensors");
  }
}

}  // namespace lamina::server
