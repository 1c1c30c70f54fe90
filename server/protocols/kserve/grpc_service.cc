#include "server/protocols/kserve/grpc_service.h"

#include "proto/kserve/inference.grpc.pb.h"
#include "server/protocols/grpc/infer_reactor.h"
#include "server/protocols/kserve/infer.h"
#include "server/protocols/kserve/metadata.h"

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
    response->set_ready(core_.ModelReady(request->name(), ParseKserveVersion(request->version())).ok());
    return Answer(*context, absl::OkStatus());
  }

  ServerUnaryReactor* ServerMetadata(CallbackServerContext* context, const inference::ServerMetadataRequest*,
                                     inference::ServerMetadataResponse* response) override {
    WriteServerMetadata(*response);
    return Answer(*context, absl::OkStatus());
  }

  ServerUnaryReactor* ModelMetadata(CallbackServerContext* context, const inference::ModelMetadataRequest* request,
                                    inference::ModelMetadataResponse* response) override {
    const auto metadata = core_.Metadata(request->name(), ParseKserveVersion(request->version()));
    if (metadata.ok()) WriteModelMetadata(*metadata, *response);
    return Answer(*context, metadata.status());
  }

  ServerUnaryReactor* ModelInfer(CallbackServerContext* context, const inference::ModelInferRequest* request,
                                 inference::ModelInferResponse* response) override {
    auto* reactor = new InferReactor<KserveInfer>(*request, *response);  // deletes itself
    reactor->Run(core_, *context);
    return reactor;
  }

 private:
  Core& core_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeKserveGrpcService(Core& core) { return std::make_unique<KserveGrpcService>(core); }

}  // namespace lamina::server
