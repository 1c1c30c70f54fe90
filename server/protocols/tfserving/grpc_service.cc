#include "server/protocols/tfserving/grpc_service.h"

#include <optional>
#include <string>
#include <utility>

#include "proto/tensorflow_serving/services.grpc.pb.h"
#include "server/api/status_macros.h"
#include "server/protocols/grpc/infer_reactor.h"
#include "server/protocols/tfserving/model_spec.h"
#include "server/protocols/tfserving/model_status.h"
#include "server/protocols/tfserving/predict.h"
#include "server/protocols/tfserving/reload_config.h"
#include "server/protocols/tfserving/signature.h"

namespace lamina::server {
namespace {

namespace tfs = tensorflow::serving;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class PredictionGrpcService final : public tfs::PredictionService::CallbackService {
 public:
  explicit PredictionGrpcService(Core& core) : core_(core) {}

  ServerUnaryReactor* Predict(CallbackServerContext* context, const tfs::PredictRequest* request,
                              tfs::PredictResponse* response) override {
    auto* reactor = new InferReactor<TfPredict>(*request, *response);  // deletes itself
    reactor->Run(core_, *context);
    return reactor;
  }

  ServerUnaryReactor* GetModelMetadata(CallbackServerContext* context, const tfs::GetModelMetadataRequest* request,
                                       tfs::GetModelMetadataResponse* response) override {
    return Answer(*context, Describe(*request, *response));
  }

 private:
  absl::Status Describe(const tfs::GetModelMetadataRequest& request, tfs::GetModelMetadataResponse& response) const {
    LAMINA_RETURN_IF_ERROR(CheckMetadataFields(request));
    const std::string& name = request.model_spec().name();
    const VersionSelector version = ParseVersion(request.model_spec());
    const auto metadata = core_.Metadata(name, version);
    if (metadata.ok()) WriteModelMetadata(*metadata, response);
    core_.CountCall({Interface::kGrpc, Method::kGetModelMetadata}, name, version, metadata.ok());
    return metadata.status();
  }

  Core& core_;
};

class ModelGrpcService final : public tfs::ModelService::CallbackService {
 public:
  explicit ModelGrpcService(Core& core) : core_(core) {}

  /// Without a version, or with version 0: all of them.
  ServerUnaryReactor* GetModelStatus(CallbackServerContext* context, const tfs::GetModelStatusRequest* request,
                                     tfs::GetModelStatusResponse* response) override {
    const VersionSelector selector = ParseVersion(request->model_spec());
    const bool all = selector.version == 0 && selector.label.empty();
    const auto versions = core_.Status(request->model_spec().name(), all ? std::nullopt : std::optional(selector));
    if (versions.ok()) WriteModelStatus(*versions, *response);
    core_.CountCall({Interface::kGrpc, Method::kGetModelStatus}, request->model_spec().name(), selector, versions.ok());
    return Answer(*context, versions.status());
  }

  ServerUnaryReactor* HandleReloadConfigRequest(CallbackServerContext* context, const tfs::ReloadConfigRequest* request,
                                                tfs::ReloadConfigResponse* response) override {
    auto models = ReadReloadConfig(*request);
    if (!models.ok()) return Answer(*context, models.status());
    return AnswerWhenMade(*context, [&](ChangeDone done) {
      core_.SetModels(*std::move(models), [response, done = std::move(done)](absl::Status status) mutable {
        WriteReloadStatus(status, *response);
        done(std::move(status));
      });
    });
  }

 private:
  Core& core_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakePredictionGrpcService(Core& core) {
  return std::make_unique<PredictionGrpcService>(core);
}

std::unique_ptr<grpc::Service> MakeModelGrpcService(Core& core) { return std::make_unique<ModelGrpcService>(core); }

}  // namespace lamina::server
