// A gRPC server that computes nothing: it parses each ModelInfer and sends an answer that it was given, which is what
// gRPC's own callback server costs for the same bytes. With --raw it does not even parse: bytes come and go as gRPC
// holds them. Prints its port and runs until it is killed.

#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <utility>

#include "bench/serving/files.h"
#include "proto/kserve/inference.grpc.pb.h"
#include "proto/kserve/inference.pb.h"

namespace lamina::bench {
namespace {

using grpc::CallbackServerContext, grpc::ServerUnaryReactor;

/// What clients ask before they infer.
struct Answers {
  inference::ModelMetadataResponse metadata;
  inference::ModelConfigResponse config;
  inference::ModelInferResponse infer;
};

ServerUnaryReactor* Finish(CallbackServerContext* context) {
  ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

template <typename Base>
class Asked : public Base {
 public:
  explicit Asked(Answers answers) : answers_(std::move(answers)) {}

  ServerUnaryReactor* ServerLive(CallbackServerContext* context, const inference::ServerLiveRequest*,
                                 inference::ServerLiveResponse* response) override {
    response->set_live(true);
    return Finish(context);
  }
  ServerUnaryReactor* ServerReady(CallbackServerContext* context, const inference::ServerReadyRequest*,
                                  inference::ServerReadyResponse* response) override {
    response->set_ready(true);
    return Finish(context);
  }
  ServerUnaryReactor* ModelReady(CallbackServerContext* context, const inference::ModelReadyRequest*,
                                 inference::ModelReadyResponse* response) override {
    response->set_ready(true);
    return Finish(context);
  }
  ServerUnaryReactor* ServerMetadata(CallbackServerContext* context, const inference::ServerMetadataRequest*,
                                     inference::ServerMetadataResponse* response) override {
    response->set_name("echo");
    return Finish(context);
  }
  ServerUnaryReactor* ModelMetadata(CallbackServerContext* context, const inference::ModelMetadataRequest*,
                                    inference::ModelMetadataResponse* response) override {
    *response = answers_.metadata;
    return Finish(context);
  }
  ServerUnaryReactor* ModelConfig(CallbackServerContext* context, const inference::ModelConfigRequest*,
                                  inference::ModelConfigResponse* response) override {
    *response = answers_.config;
    return Finish(context);
  }

 protected:
  const Answers answers_;
};

class Echo final : public Asked<inference::GRPCInferenceService::CallbackService> {
 public:
  using Asked::Asked;

  ServerUnaryReactor* ModelInfer(CallbackServerContext* context, const inference::ModelInferRequest*,
                                 inference::ModelInferResponse* response) override {
    *response = answers_.infer;
    return Finish(context);
  }
};

using CallbackService = inference::GRPCInferenceService::CallbackService;
using RawService = inference::GRPCInferenceService::WithRawCallbackMethod_ModelInfer<CallbackService>;

class RawEcho final : public Asked<RawService> {
 public:
  explicit RawEcho(const Answers& answers) : Asked(answers), slice_(answers.infer.SerializeAsString()) {}

  ServerUnaryReactor* ModelInfer(CallbackServerContext* context, const grpc::ByteBuffer*,
                                 grpc::ByteBuffer* response) override {
    *response = grpc::ByteBuffer(&slice_, 1);
    return Finish(context);
  }

 private:
  const grpc::Slice slice_;
};

int Run(grpc::Service& service) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (!server || port == 0) {
    std::fprintf(stderr, "error: cannot listen on 127.0.0.1\n");
    return 1;
  }
  std::printf("%d\n", port);
  std::fflush(stdout);
  server->Wait();
  return 0;
}

}  // namespace
}  // namespace lamina::bench

int main(int argc, char** argv) {
  using namespace lamina::bench;  // NOLINT
  std::string metadata, config, response;
  bool raw = false;
  CLI::App app("Answers every ModelInfer with the same message");
  app.add_option("--metadata", metadata, "file with a serialised inference.ModelMetadataResponse")->required();
  app.add_option("--config", config, "file with a serialised inference.ModelConfigResponse")->required();
  app.add_option("--response", response, "file with a serialised inference.ModelInferResponse")->required();
  app.add_flag("--raw", raw, "pass requests' bytes over without parsing them");
  CLI11_PARSE(app, argc, argv);
  const Answers answers{ReadMessage<inference::ModelMetadataResponse>(metadata),
                        ReadMessage<inference::ModelConfigResponse>(config),
                        ReadMessage<inference::ModelInferResponse>(response)};
  if (raw) {
    RawEcho echo(answers);
    return Run(echo);
  }
  Echo echo(answers);
  return Run(echo);
}
