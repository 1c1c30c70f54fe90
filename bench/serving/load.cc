// Sends one request again and again over gRPC, from as many callers as asked, each of which waits for its answer before
// it asks again. Prints requests per second and latencies as JSON.

#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/serving/files.h"
#include "bench/serving/measure.h"
#include "proto/kserve/inference.grpc.pb.h"
#include "proto/kserve/inference.pb.h"

namespace lamina::bench {
namespace {

constexpr int kConnections = 8;  // at most; callers share them

struct Flags {
  std::string address, request_path;
  int callers = 1;
  double warm_up_s = 0.5, seconds = 3;
};

/// One caller: on gRPC's threads after Start(), until the window has ended.
class Caller {
 public:
  Caller(std::shared_ptr<grpc::Channel> channel, const inference::ModelInferRequest& request, Window window,
         std::latch& done)
      : stub_(inference::GRPCInferenceService::NewStub(std::move(channel))),
        request_(request),
        window_(window),
        done_(done) {}

  void Start() {
    context_.emplace();
    started_ = Clock::now();
    stub_->async()->ModelInfer(&*context_, &request_, &response_,
                               [this](const grpc::Status& status) { Answered(status); });
  }

  const Latencies& latencies() const { return latencies_; }
  const std::optional<std::string>& error() const { return error_; }

 private:
  void Answered(const grpc::Status& status) {
    const auto now = Clock::now();
    if (!status.ok()) {
      error_ = status.error_message();
    } else {
      latencies_.Add(window_, started_, now);
    }
    if (error_ || now >= window_.end) {
      done_.count_down();
    } else {
      Start();
    }
  }

  const std::unique_ptr<inference::GRPCInferenceService::Stub> stub_;
  const inference::ModelInferRequest& request_;
  const Window window_;
  std::latch& done_;
  std::optional<grpc::ClientContext> context_;
  inference::ModelInferResponse response_;
  Clock::time_point started_;
  Latencies latencies_;
  std::optional<std::string> error_;
};

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  // A connection of its own, instead of one that all channels to this address share.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

int Run(const Flags& flags) {
  const auto request = ReadMessage<inference::ModelInferRequest>(flags.request_path);
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < std::min(flags.callers, kConnections); ++i) {
    channels.push_back(Connect(flags.address));
    if (!channels.back()->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) {
      std::fprintf(stderr, "error: nobody listens at %s\n", flags.address.c_str());
      return 1;
    }
  }
  const Window window = Window::Of(flags.warm_up_s, flags.seconds);
  std::latch done(flags.callers);
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < flags.callers; ++i) {
    callers.push_back(std::make_unique<Caller>(channels[i % channels.size()], request, window, done));
  }
  for (const auto& caller : callers) caller->Start();
  done.wait();
  Latencies all;
  for (const auto& caller : callers) {
    if (caller->error()) {
      std::fprintf(stderr, "error: %s: %s\n", flags.address.c_str(), caller->error()->c_str());
      return 1;
    }
    all.Append(caller->latencies());
  }
  all.Print(window);
  return 0;
}

}  // namespace
}  // namespace lamina::bench

int main(int argc, char** argv) {
  lamina::bench::Flags flags;
  CLI::App app("Sends one request again and again over gRPC");
  app.add_option("--address", flags.address, "host:port")->required();
  app.add_option("--request", flags.request_path, "file with a serialised inference.ModelInferRequest")->required();
  app.add_option("--callers", flags.callers, "requests under way at the same time");
  app.add_option("--warm_up", flags.warm_up_s, "seconds that are not counted");
  app.add_option("--seconds", flags.seconds, "seconds that are counted");
  CLI11_PARSE(app, argc, argv);
  return lamina::bench::Run(flags);
}
