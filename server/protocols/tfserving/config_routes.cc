#include "server/protocols/tfserving/config_routes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"
#include "server/protocols/tfserving/message_json.h"
#include "server/protocols/tfserving/model_status.h"

namespace lamina::server {
namespace {

/// The state of every version of every model, by the model's name.
absl::StatusOr<HttpResponse> Config(const Core& core) {
  JsonWriter json;
  json.BeginObject();
  for (const std::string& model : core.Models()) {
    const auto versions = core.Status(model, std::nullopt);
    if (!versions.ok()) continue;  // it went meanwhile
    tensorflow::serving::GetModelStatusResponse status;
    WriteModelStatus(*versions, status);
    LAMINA_ASSIGN_OR_RETURN(const std::string text, MessageJson(status, JsonKeys::kAsInProto));
    json.Key(model).Raw(text);
  }
  json.EndObject();
  return JsonResponse(json);
}

}  // namespace

void AddConfigRoutes(Core& core, Router& router) {
  router.Add("GET", "/v1/config", [&core](const HttpRequest&, const PathParameters&) { return Config(core); });
  router.AddHandler("POST", "/v1/config/reload",
                    [&core](std::unique_ptr<HttpExchange> exchange, const PathParameters&) {
                      core.ReloadConfig([&core, exchange = std::move(exchange)](const absl::Status& status) mutable {
                        exchange->Respond(status.ok() ? ResponseOrError(Config(core)) : ErrorResponse(status));
                      });
                    });
}

}  // namespace lamina::server
