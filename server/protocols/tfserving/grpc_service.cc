#include "server/protocols/tfserving/grpc_service.h"

#include <optional>

#include "server/api/status_macros.h"
#include "server/protocols/grpc/grpc_messages.h"
#include "server/protocols/grpc/infer_call.h"
#include "server/protocols/tfserving/model_spec.h"
#include "server/protocols/tfserving/model_status.h"
#include "server/protocols/tfserving/call.h"
#include "server/protocols/tfserving/signature.h"

namespace lamina::server {
namespace {

namespace tfs = tensorflow::serving;

constexpr char kPredictionService[] = "tensorflow.serving.PredictionService";
constexpr char kModelService[] = "tensorflow.serving.ModelService";

absl::Status AnswerModelMetadata(const Core& core, const tfs::GetModelMetadataRequest& request,
                                 tfs::GetModelMetadataResponse& response) {
  LAMINA_RETURN_IF_ERROR(CheckMetadataFields(request));
  const auto metadata = core.Metadata(request.model_spec().name(), ParseVersion(request.model_spec()));
  if (metadata.ok()) WriteModelMetadata(*metadata, response);
  return metadata.status();
}

/// Without a version, or with version 0: all of them.
absl::Status AnswerModelStatus(const Core& core, const tfs::GetModelStatusRequest& request,
                               tfs::GetModelStatusResponse& response) {
  const VersionSelector selector = ParseVersion(request.model_spec());
  const bool all = selector.version == 0 && selector.label.empty();
  const auto versions = core.Status(request.model_spec().name(), all ? std::nullopt : std::optional(selector));
  if (versions.ok()) WriteModelStatus(*versions, response);
  return versions.status();
}

}  // namespace

void AddTfServingMethods(Core& core, GrpcMethods& methods) {
  methods.Add(kPredictionService, "Predict",
              InferCall<TfCall>::Handler(core));
  methods.Add(kPredictionService, "GetModelMetadata",
              AnswerWith<tfs::GetModelMetadataRequest, tfs::GetModelMetadataResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelMetadata(core, request, response); }));
  methods.Add(kModelService, "GetModelStatus",
              AnswerWith<tfs::GetModelStatusRequest, tfs::GetModelStatusResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelStatus(core, request, response); }));
}

}  // namespace lamina::server
