// A gRPC server that does nothing but parse each request and send an answer that it was given: what gRPC's own callback
// server costs for the same bytes. Prints its port and runs until it is killed.

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

class Echo final : public inference::GRPCInferenceService::CallbackService {
 public:
  explicit Echo(inference::ModelInferResponse response) : response_(std::move(response)) {}

  grpc::ServerUnaryReactor* ModelInfer(grpc::CallbackServerContext* context,
                                       const inference::ModelInferRequest* /*request*/,
                                       inference::ModelInferResponse* response) override {
    *response = response_;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const inference::ModelInferResponse response_;
};

int Run(const std::string& response_path) {
  Echo echo(ReadMessage<inference::ModelInferResponse>(response_path));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  builder.RegisterService(&echo);
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
  std::string response_path;
  CLI::App app("Answers every ModelInfer with the same message");
  app.add_option("--response", response_path, "file with a serialised inference.ModelInferResponse")->required();
  CLI11_PARSE(app, argc, argv);
  return lamina::bench::Run(response_path);
}
