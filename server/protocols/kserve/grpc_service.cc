#include "server/protocols/kserve/grpc_service.h"

#include "proto/kserve/inference.pb.h"
#include "server/protocols/grpc/grpc_messages.h"
#include "server/protocols/grpc/infer_call.h"
#include "server/protocols/kserve/call.h"
#include "server/protocols/kserve/metadata.h"
#include "server/protocols/kserve/version.h"

namespace lamina::server {
namespace {

using namespace inference;  // NOLINT: the messages of the one service here

constexpr char kService[] = "inference.GRPCInferenceService";

/// A model that is not there, or not yet, is not ready: that is an answer and no error.
absl::Status AnswerModelReady(const Core& core, const ModelReadyRequest& request, ModelReadyResponse& response) {
  response.set_ready(core.ModelReady(request.name(), ParseKserveVersion(request.version())).ok());
  return absl::OkStatus();
}

absl::Status AnswerModelMetadata(const Core& core, const ModelMetadataRequest& request,
                                 ModelMetadataResponse& response) {
  const auto metadata = core.Metadata(request.name(), ParseKserveVersion(request.version()));
  if (metadata.ok()) WriteModelMetadata(*metadata, response);
  return metadata.status();
}

}  // namespace

void AddKserveMethods(Core& core, GrpcMethods& methods) {
  methods.Add(kService, "ServerLive", AnswerWith<ServerLiveRequest, ServerLiveResponse>([&core](auto&, auto& response) {
                response.set_live(core.Live());
                return absl::OkStatus();
              }));
  methods.Add(kService, "ServerReady",
              AnswerWith<ServerReadyRequest, ServerReadyResponse>([&core](auto&, auto& response) {
                response.set_ready(core.Ready());
                return absl::OkStatus();
              }));
  methods.Add(kService, "ServerMetadata",
              AnswerWith<ServerMetadataRequest, ServerMetadataResponse>([](auto&, auto& response) {
                WriteServerMetadata(response);
                return absl::OkStatus();
              }));
  methods.Add(kService, "ModelReady",
              AnswerWith<ModelReadyRequest, ModelReadyResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelReady(core, request, response); }));
  methods.Add(kService, "ModelMetadata",
              AnswerWith<ModelMetadataRequest, ModelMetadataResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelMetadata(core, request, response); }));
  methods.Add(kService, "ModelInfer", InferCall<KserveCall>::Handler(core));
}

}  // namespace lamina::server
