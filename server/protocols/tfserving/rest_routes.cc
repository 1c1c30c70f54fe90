#include "server/protocols/tfserving/rest_routes.h"

#include <google/protobuf/util/json_util.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"
#include "server/protocols/http/infer_exchange.h"
#include "server/protocols/tfserving/model_status.h"
#include "server/protocols/tfserving/rest_predict.h"
#include "server/protocols/tfserving/signature.h"

namespace lamina::server {
namespace {

enum class Keys { kAsInProto, kCamelCase };

/// A message of the gRPC protocol as JSON, fields at their defaults included.
absl::StatusOr<HttpResponse> JsonOf(const google::protobuf::Message& message, Keys keys) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = keys == Keys::kAsInProto;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return absl::InternalError(absl::StrCat("no JSON for the reply: ", status.ToString()));
  HttpResponse response{.content_type = "application/json"};
  response.body.emplace_back(json);
  return response;
}

/// Without a version, or with version 0, as over gRPC: all of them.
absl::StatusOr<HttpResponse> Status(const Core& core, const PathParameters& path) {
  LAMINA_ASSIGN_OR_RETURN(const VersionSelector version, ParseTfVersion(path));
  const bool all = version.version == 0 && version.label.empty();
  LAMINA_ASSIGN_OR_RETURN(const std::vector<VersionStatus> versions,
                          core.Status(path.Get("model"), all ? std::nullopt : std::optional(version)));
  tensorflow::serving::GetModelStatusResponse response;
  WriteModelStatus(versions, response);
  return JsonOf(response, Keys::kAsInProto);
}

absl::StatusOr<HttpResponse> Describe(const Core& core, const PathParameters& path) {
  LAMINA_ASSIGN_OR_RETURN(const VersionSelector version, ParseTfVersion(path));
  LAMINA_ASSIGN_OR_RETURN(const ModelMetadata metadata, core.Metadata(path.Get("model"), version));
  tensorflow::serving::GetModelMetadataResponse response;
  WriteModelMetadata(metadata, response);
  return JsonOf(response, Keys::kCamelCase);
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
  }
}

}  // namespace lamina::server
