#include "server/protocols/kserve/grpc_service.h"

#include <utility>

#include "proto/kserve/inference.pb.h"
#include "server/protocols/grpc/grpc_change.h"
#include "server/protocols/grpc/grpc_messages.h"
#include "server/protocols/grpc/infer_call.h"
#include "server/protocols/kserve/call.h"
#include "server/protocols/kserve/metadata.h"
#include "server/protocols/kserve/repository.h"
#include "server/protocols/kserve/shared_memory.h"
#include "server/protocols/kserve/statistics.h"
#include "server/protocols/kserve/stream_infer.h"
#include "server/protocols/kserve/version.h"

namespace lamina::server {
namespace {

using namespace inference;  // NOLINT: the messages of the one service here

constexpr char kService[] = "inference.GRPCInferenceService";

/// A model that is not there, or not yet, is not ready: that is an answer and no error.
absl::Status AnswerModelReady(Core& core, const ModelReadyRequest& request, ModelReadyResponse& response) {
  const VersionSelector version = ParseKserveVersion(request.version());
  response.set_ready(core.ModelReady(request.name(), version).ok());
  core.CountCall({Interface::kGrpc, Method::kModelReady}, request.name(), version, true);
  return absl::OkStatus();
}

absl::Status AnswerModelMetadata(Core& core, const ModelMetadataRequest& request, ModelMetadataResponse& response) {
  const VersionSelector version = ParseKserveVersion(request.version());
  const auto metadata = core.Metadata(request.name(), version);
  if (metadata.ok()) WriteModelMetadata(*metadata, response);
  core.CountCall({Interface::kGrpc, Method::kModelMetadata}, request.name(), version, metadata.ok());
  return metadata.status();
}

absl::Status AnswerModelConfig(Core& core, const ModelConfigRequest& request, ModelConfigResponse& response) {
  const VersionSelector version = ParseKserveVersion(request.version());
  const auto metadata = core.Metadata(request.name(), version);
  if (metadata.ok()) WriteModelConfig(*metadata, *response.mutable_config());
  core.CountCall({Interface::kGrpc, Method::kModelMetadata}, request.name(), version, metadata.ok());
  return metadata.status();
}

absl::Status AnswerModelStatistics(const Core& core, const ModelStatisticsRequest& request,
                                   ModelStatisticsResponse& response) {
  const auto statistics = core.Statistics(request.name(), ParseKserveVersion(request.version()));
  if (statistics.ok()) WriteModelStatistics(*statistics, response);
  return statistics.status();
}

absl::Status AnswerRepositoryIndex(const Core& core, const RepositoryIndexRequest& request,
                                   RepositoryIndexResponse& response) {
  const absl::Status status = CheckRepositoryName(request.repository_name());
  if (status.ok()) WriteRepositoryIndex(core.RepositoryIndex(request.ready()), response);
  return status;
}

void BeginModelLoad(Core& core, const RepositoryModelLoadRequest& request, ChangeDone done) {
  const auto config = ReadLoadConfig(request);
  if (!config.ok()) return done(config.status());
  core.LoadModel(request.model_name(), *config, std::move(done));
}

void BeginModelUnload(Core& core, const RepositoryModelUnloadRequest& request, ChangeDone done) {
  if (absl::Status status = CheckUnload(request); !status.ok()) return done(std::move(status));
  core.UnloadModel(request.model_name(), std::move(done));
}

absl::Status AnswerSharedMemoryStatus(Core& core, const SystemSharedMemoryStatusRequest& request,
                                      SystemSharedMemoryStatusResponse& response) {
  const auto regions = core.shared_memory().Status(request.name());
  if (regions.ok()) WriteSharedMemoryStatus(*regions, response);
  return regions.status();
}

absl::Status UnregisterSharedMemory(Core& core, const SystemSharedMemoryUnregisterRequest& request) {
  if (request.name().empty()) {
    core.shared_memory().UnregisterAll();
  } else {
    core.shared_memory().Unregister(request.name());
  }
  return absl::OkStatus();
}

void AddServerMethods(Core& core, GrpcMethods& methods) {
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
}

void AddModelMethods(Core& core, GrpcMethods& methods) {
  methods.Add(kService, "ModelReady",
              AnswerWith<ModelReadyRequest, ModelReadyResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelReady(core, request, response); }));
  methods.Add(kService, "ModelMetadata",
              AnswerWith<ModelMetadataRequest, ModelMetadataResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelMetadata(core, request, response); }));
  methods.Add(kService, "ModelConfig",
              AnswerWith<ModelConfigRequest, ModelConfigResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelConfig(core, request, response); }));
  methods.Add(kService, "ModelInfer", InferCall<KserveCall>::Handler(core, core.shared_memory()));
  methods.Add(kService, "ModelStreamInfer", KserveStreamHandler(core));
  methods.Add(kService, "ModelStatistics",
              AnswerWith<ModelStatisticsRequest, ModelStatisticsResponse>(
                  [&core](auto& request, auto& response) { return AnswerModelStatistics(core, request, response); }));
}

void AddRepositoryMethods(Core& core, GrpcMethods& methods) {
  methods.Add(kService, "RepositoryIndex",
              AnswerWith<RepositoryIndexRequest, RepositoryIndexResponse>(
                  [&core](auto& request, auto& response) { return AnswerRepositoryIndex(core, request, response); }));
  methods.Add(kService, "RepositoryModelLoad",
              AnswerWhenMade<RepositoryModelLoadRequest, RepositoryModelLoadResponse>(
                  [&core](auto& request, auto&, ChangeDone done) { BeginModelLoad(core, request, std::move(done)); }));
  methods.Add(
      kService, "RepositoryModelUnload",
      AnswerWhenMade<RepositoryModelUnloadRequest, RepositoryModelUnloadResponse>(
          [&core](auto& request, auto&, ChangeDone done) { BeginModelUnload(core, request, std::move(done)); }));
}

void AddSharedMemoryMethods(Core& core, GrpcMethods& methods) {
  methods.Add(
      kService, "SystemSharedMemoryStatus",
      AnswerWith<SystemSharedMemoryStatusRequest, SystemSharedMemoryStatusResponse>(
          [&core](auto& request, auto& response) { return AnswerSharedMemoryStatus(core, request, response); }));
  methods.Add(kService, "SystemSharedMemoryRegister",
              AnswerWith<SystemSharedMemoryRegisterRequest, SystemSharedMemoryRegisterResponse>(
                  [&core](auto& request, auto&) { return core.shared_memory().Register(ReadRegion(request)); }));
  methods.Add(kService, "SystemSharedMemoryUnregister",
              AnswerWith<SystemSharedMemoryUnregisterRequest, SystemSharedMemoryUnregisterResponse>(
                  [&core](auto& request, auto&) { return UnregisterSharedMemory(core, request); }));
}

}  // namespace

void AddKserveMethods(Core& core, GrpcMethods& methods) {
  AddServerMethods(core, methods);
  AddModelMethods(core, methods);
  AddRepositoryMethods(core, methods);
  AddSharedMemoryMethods(core, methods);
}

}  // namespace lamina::server
