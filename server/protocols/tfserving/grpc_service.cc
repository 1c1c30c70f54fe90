#include "server/protocols/tfserving/grpc_service.h"

#include <optional>
#include <string>
#include <utility>

#include "server/api/status_macros.h"
#include "server/protocols/grpc/grpc_change.h"
#include "server/protocols/grpc/grpc_messages.h"
#include "server/protocols/grpc/infer_call.h"
#include "server/protocols/tfserving/call.h"
#include "server/protocols/tfserving/model_spec.h"
#include "server/protocols/tfserving/model_status.h"
#include "server/protocols/tfserving/reload_config.h"
#include "server/protocols/tfserving/signature.h"

namespace lamina::server {
namespace {

namespace tfs = tensorflow::serving;

constexpr char kPredictionService[] = "tensorflow.serving.PredictionService";
constexpr char kModelService[] = "tensorflow.serving.ModelService";

absl::Status AnswerModelMetadata(Core& core, const tfs::GetModelMetadataRequest& request,
                                 tfs::GetModelMetadataResponse& response) {
  LAMINA_RETURN_IF_ERROR(CheckMetadataFields(request));
  const std::string& name = request.model_spec().name();
  const VersionSelector version = ParseVersion(request.model_spec());
  const auto metadata = core.Metadata(name, version);
  if (metadata.ok()) WriteModelMetadata(*metadata, response);
  core.CountCall({Interface::kGrpc, Method::kGetModelMetadata}, name, version, metadata.ok());
  return metadata.status();
}

/// Without a version, or with version 0: all of them.
absl::Status AnswerModelStatus(Core& core, const tfs::GetModelStatusRequest& request,
                               tfs::GetModelStatusResponse& response) {
  const std::string& name = request.model_spec().name();
  const VersionSelector selector = ParseVersion(request.model_spec());
  const bool all = selector.version == 0 && selector.label.empty();
  const auto versions = core.Status(name, all ? std::nullopt : std::optional(selector));
  if (versions.ok()) WriteModelStatus(*versions, response);
  core.CountCall({Interface::kGrpc, Method::kGetModelStatus}, name, selector, versions.ok());
  return versions.status();
}

void BeginReloadConfig(Core& core, const tfs::ReloadConfigRequest& request, tfs::ReloadConfigResponse& response,
                       ChangeDone done) {
  auto models = ReadReloadConfig(request);
  if (!models.ok()) return done(models.status());
  core.SetModels(*std::move(models), [&response, done = std::move(done)](absl::Status status) mutable {
    WriteReloadStatus(status, response);
    done(std::move(status));
  });
}

}  // namespace

void AddTfServingMethods(Core& core, GrpcMethods& methods) {
  methods.Add(kPredictionService, "Predict", InferCall<TfCall>::Handler(core));
  methods.Add(kPredictionService, "GetModelMetadata",
              AnswerWith<tfs::GetModelMetadataRequest, tfs::GetModelMetadataResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelMetadata(core, request, response); }));
  methods.Add(kModelService, "GetModelStatus",
              AnswerWith<tfs::GetModelStatusRequest, tfs::GetModelStatusResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelStatus(core, request, response); }));
  methods.Add(kModelService, "HandleReloadConfigRequest",
              AnswerWhenMade<tfs::ReloadConfigRequest, tfs::ReloadConfigResponse>(
                  [&core](auto& request, auto& response, ChangeDone done) {
                    BeginReloadConfig(core, request, response, std::move(done));
                  }));
}

}  // namespace lamina::server
