#include "server/protocols/kserve/grpc_service.h"

#include <utility>

#include "proto/kserve/inference.grpc.pb.h"
#include "server/protocols/grpc/infer_reactor.h"
#include "server/protocols/kserve/infer.h"
#include "server/protocols/kserve/metadata.h"
#include "server/protocols/kserve/repository.h"
#include "server/protocols/kserve/shared_memory.h"
#include "server/protocols/kserve/statistics.h"

namespace lamina::server {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class KserveGrpcService final : public inference::GRPCInferenceService::CallbackService {
 public:
  explicit KserveGrpcService(Core& core) : core_(core) {}

  ServerUnaryReactor* ServerLive(CallbackServerContext* context, const inference::ServerLiveRequest*,
                                 inference::ServerLiveResponse* response) override {
    response->set_live(core_.Live());
    return Answer(*context, absl::OkStatus());
  }

  ServerUnaryReactor* ServerReady(CallbackServerContext* context, const inference::ServerReadyRequest*,
                                  inference::ServerReadyResponse* response) override {
    response->set_ready(core_.Ready());
    return Answer(*context, absl::OkStatus());
  }

  /// A model that is not there, or not yet, is not ready: that is an answer and no error.
  ServerUnaryReactor* ModelReady(CallbackServerContext* context, const inference::ModelReadyRequest* request,
                                 inference::ModelReadyResponse* response) override {
    const VersionSelector version = ParseKserveVersion(request->version());
    response->set_ready(core_.ModelReady(request->name(), version).ok());
    core_.CountCall({Interface::kGrpc, Method::kModelReady}, request->name(), version, true);
    return Answer(*context, absl::OkStatus());
  }

  ServerUnaryReactor* ServerMetadata(CallbackServerContext* context, const inference::ServerMetadataRequest*,
                                     inference::ServerMetadataResponse* response) override {
    WriteServerMetadata(*response);
    return Answer(*context, absl::OkStatus());
  }

  ServerUnaryReactor* ModelMetadata(CallbackServerContext* context, const inference::ModelMetadataRequest* request,
                                    inference::ModelMetadataResponse* response) override {
    const VersionSelector version = ParseKserveVersion(request->version());
    const auto metadata = core_.Metadata(request->name(), version);
    if (metadata.ok()) WriteModelMetadata(*metadata, *response);
    core_.CountCall({Interface::kGrpc, Method::kModelMetadata}, request->name(), version, metadata.ok());
    return Answer(*context, metadata.status());
  }

  ServerUnaryReactor* ModelInfer(CallbackServerContext* context, const inference::ModelInferRequest* request,
                                 inference::ModelInferResponse* response) override {
    auto* reactor = new InferReactor<KserveInfer>(*request, *response);  // deletes itself
    reactor->Run(core_, *context);
    return reactor;
  }

  ServerUnaryReactor* ModelStatistics(CallbackServerContext* context, const inference::ModelStatisticsRequest* request,
                                      inference::ModelStatisticsResponse* response) override {
    const auto statistics = core_.Statistics(request->name(), ParseKserveVersion(request->version()));
    if (statistics.ok()) WriteModelStatistics(*statistics, *response);
    return Answer(*context, statistics.status());
  }

  ServerUnaryReactor* RepositoryIndex(CallbackServerContext* context, const inference::RepositoryIndexRequest* request,
                                      inference::RepositoryIndexResponse* response) override {
    const absl::Status status = CheckRepositoryName(request->repository_name());
    if (status.ok()) WriteRepositoryIndex(core_.RepositoryIndex(request->ready()), *response);
    return Answer(*context, status);
  }

  ServerUnaryReactor* RepositoryModelLoad(CallbackServerContext* context,
                                          const inference::RepositoryModelLoadRequest* request,
                                          inference::RepositoryModelLoadResponse*) override {
    const auto config = ReadLoadConfig(*request);
    if (!config.ok()) return Answer(*context, config.status());
    return AnswerWhenMade(*context,
                          [&](ChangeDone done) { core_.LoadModel(request->model_name(), *config, std::move(done)); });
  }

  ServerUnaryReactor* RepositoryModelUnload(CallbackServerContext* context,
                                            const inference::RepositoryModelUnloadRequest* request,
                                            inference::RepositoryModelUnloadResponse*) override {
    if (const absl::Status status = CheckUnload(*request); !status.ok()) return Answer(*context, status);
    return AnswerWhenMade(*context,
                          [&](ChangeDone done) { core_.UnloadModel(request->model_name(), std::move(done)); });
  }

  ServerUnaryReactor* SystemSharedMemoryStatus(CallbackServerContext* context,
                                               const inference::SystemSharedMemoryStatusRequest* request,
                                               inference::SystemSharedMemoryStatusResponse* response) override {
    const auto regions = core_.shared_memory().Status(request->name());
    if (regions.ok()) WriteSharedMemoryStatus(*regions, *response);
    return Answer(*context, regions.status());
  }

  ServerUnaryReactor* SystemSharedMemoryRegister(CallbackServerContext* context,
                                                 const inference::SystemSharedMemoryRegisterRequest* request,
                                                 inference::SystemSharedMemoryRegisterResponse*) override {
    return Answer(*context, core_.shared_memory().Register(ReadRegion(*request)));
  }

  ServerUnaryReactor* SystemSharedMemoryUnregister(CallbackServerContext* context,
                                                   const inference::SystemSharedMemoryUnregisterRequest* request,
                                                   inference::SystemSharedMemoryUnregisterResponse*) override {
    if (request->name().empty()) {
      core_.shared_memory().UnregisterAll();
    } else {
      core_.shared_memory().Unregister(request->name());
    }
    return Answer(*context, absl::OkStatus());
  }

 private:
  Core& core_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeKserveGrpcService(Core& core) { return std::make_unique<KserveGrpcService>(core); }

}  // namespace lamina::server
