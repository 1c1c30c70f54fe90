// Checks a running Lamina with gRPC C++: --address HOST:PORT. A line for each check, "ok NAME" or "FAILED NAME: why";
// the exit code is 0 if all are ok.

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proto/kserve/inference.grpc.pb.h"
#include "proto/tensorflow_serving/services.grpc.pb.h"
#include "tests/clients/cpp/tensors.h"

namespace lamina::clients {
namespace {

using std::chrono::milliseconds;
using Kserve = inference::GRPCInferenceService::Stub;

/// A connection, and calls on it.
struct Client {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<Kserve> kserve;

  explicit Client(const std::string& address) {
    grpc::ChannelArguments options;
    options.SetMaxReceiveMessageSize(64 << 20);
    options.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 500);
    options.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 2000);
    options.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    options.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    options.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channel = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), options);
    kserve = inference::GRPCInferenceService::NewStub(channel);
  }

  void InferTiny(const std::vector<float>& x, grpc::ClientContext& context) const {
    inference::ModelInferResponse response;
    const grpc::Status status = kserve->ModelInfer(&context, Request("tiny", x), &response);
    Expect(status.ok(), status.error_message());
    ExpectTiny(response, x);
  }

  void InferTiny(const std::vector<float>& x) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    InferTiny(x, context);
  }
};

void ExpectCode(const grpc::Status& status, grpc::StatusCode code) {
  Expect(status.error_code() == code, "expected code " + std::to_string(code) + ", got " +
                                          std::to_string(status.error_code()) + " '" + status.error_message() + "'");
}

void Infer(const Client& client) {
  for (size_t rows = 1; rows < 20; ++rows) client.InferTiny(Values(rows * kRow, rows));
}

// The message is percent-encoded on its way, as it is neither ASCII nor without a percent sign.
void Error(const Client& client) {
  const std::string name = "größe 100% 模型", expected = "Servable not found for request: Specific(" + name + ", 0)";
  grpc::ClientContext context;
  inference::ModelInferResponse response;
  const grpc::Status status = client.kserve->ModelInfer(&context, Request(name, Values(4, 0)), &response);
  ExpectCode(status, grpc::StatusCode::NOT_FOUND);
  Expect(status.error_message() == expected, "got '" + status.error_message() + "', expected '" + expected + "'");
}

void Deadline(const Client& client) {
  grpc::ClientContext context;
  inference::ModelInferResponse response;
  const auto began = std::chrono::steady_clock::now();
  context.set_deadline(std::chrono::system_clock::now() + milliseconds(100));
  ExpectCode(client.kserve->ModelInfer(&context, SlowRequest(), &response), grpc::StatusCode::DEADLINE_EXCEEDED);
  Expect(std::chrono::steady_clock::now() - began < std::chrono::seconds(1), "a deadline of 100 ms took a second");
  client.InferTiny(Values(8, 1));
}

void Cancellation(const Client& client) {
  grpc::ClientContext context;
  inference::ModelInferResponse response;
  std::jthread cancels([&context] {
    std::this_thread::sleep_for(milliseconds(100));
    context.TryCancel();
  });
  ExpectCode(client.kserve->ModelInfer(&context, SlowRequest(), &response), grpc::StatusCode::CANCELLED);
  client.InferTiny(Values(8, 2));
}

void Metadata(const Client& client) {
  grpc::ClientContext context;
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "long ";
  context.AddMetadata("x-request-id", "17");
  context.AddMetadata("x-long", text);
  context.AddMetadata("x-trace-bin", std::string("\0\1\xff,\n", 5));
  client.InferTiny(Values(4, 3), context);
}

// One of a hundred is wrong: it is answered as such, and the stream goes on.
void Streaming(const Client& client) {
  constexpr size_t kCount = 100, kWrong = 50;
  const auto input = [](size_t i) { return Values((1 + i % 3) * kRow, i); };
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  const auto stream = client.kserve->ModelStreamInfer(&context);
  std::jthread writes([&] {
    for (size_t i = 0; i < kCount; ++i) {
      inference::ModelInferRequest request = Request(i == kWrong ? "nobody" : "tiny", input(i));
      request.set_id(std::to_string(i));
      stream->Write(request);
    }
    stream->WritesDone();
  });
  inference::ModelStreamInferResponse answer;
  size_t count = 0;
  for (; stream->Read(&answer); ++count) {
    const bool told = answer.error_message().find("Specific(nobody, 0)") != std::string::npos;
    Expect(count == kWrong ? told : answer.error_message().empty(), "got the error '" + answer.error_message() + "'");
    if (count == kWrong) continue;
    Expect(answer.infer_response().id() == std::to_string(count), "got the id " + answer.infer_response().id());
    ExpectTiny(answer.infer_response(), input(count));
  }
  writes.join();
  ExpectCode(stream->Finish(), grpc::StatusCode::OK);
  Expect(count == kCount, "got " + std::to_string(count) + " answers");
}

void LargeTensor(const Client& client) { client.InferTiny(Values(2 << 20, 4)); }  // 8 MiB there, 6 MiB back

void HundredCalls(const Client& client) {
  std::vector<std::exception_ptr> errors(100);
  {
    std::vector<std::jthread> callers;
    for (size_t i = 0; i < errors.size(); ++i) {
      callers.emplace_back([&client, &error = errors[i], i] {
        try {
          client.InferTiny(Values((1 + i % 5) * kRow, i));
        } catch (...) {
          error = std::current_exception();
        }
      });
    }
  }
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

void Compression(const Client& client) {
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  client.InferTiny(Values(100000, 5), context);
}

void Predict(const Client& client) {
  const std::vector<float> x = Values(8, 6);
  tensorflow::serving::PredictRequest request;
  request.mutable_model_spec()->set_name("tiny");
  tensorflow::TensorProto& tensor = (*request.mutable_inputs())["x"];
  tensor.set_dtype(tensorflow::DT_FLOAT);
  for (const int size : {2, kRow}) tensor.mutable_tensor_shape()->add_dim()->set_size(size);
  tensor.set_tensor_content(RawBytes(x));
  grpc::ClientContext context;
  tensorflow::serving::PredictResponse response;
  const auto stub = tensorflow::serving::PredictionService::NewStub(client.channel);
  ExpectCode(stub->Predict(&context, request, &response), grpc::StatusCode::OK);
  const tensorflow::TensorProto& y = response.outputs().at("y");
  const bool packed = !y.tensor_content().empty();
  ExpectClose(packed ? Floats(y.tensor_content()) : std::vector<float>(y.float_val().begin(), y.float_val().end()),
              TinyReference(x));
}

// Half a dozen pings go out while nothing else does: without their answers gRPC would have closed the connection.
void KeepAlive(const Client& client) {
  client.InferTiny(Values(4, 7));
  const auto until = std::chrono::system_clock::now() + std::chrono::seconds(4);
  Expect(!client.channel->WaitForStateChange(GRPC_CHANNEL_READY, until), "the connection did not stay open");
  client.InferTiny(Values(4, 8));
}

constexpr struct {
  const char* name;
  void (*run)(const Client&);
} kChecks[] = {{"infer", Infer},
               {"error", Error},
               {"deadline", Deadline},
               {"cancellation", Cancellation},
               {"metadata", Metadata},
               {"streaming", Streaming},
               {"large_tensor", LargeTensor},
               {"hundred_calls", HundredCalls},
               {"compression", Compression},
               {"predict", Predict},
               {"keep_alive", KeepAlive}};

int CheckAll(const std::string& address) {
  int failed = 0;
  for (const auto& check : kChecks) {
    try {
      check.run(Client(address));
      std::printf("ok %s\n", check.name);
    } catch (const std::exception& error) {
      std::printf("FAILED %s: %s\n", check.name, error.what());
      failed = 1;
    }
    std::fflush(stdout);
  }
  return failed;
}

}  // namespace
}  // namespace lamina::clients

int main(int argc, char** argv) {
  if (argc != 3 || std::string(argv[1]) != "--address") {
    std::fputs("usage: grpc_cpp_client --address HOST:PORT\n", stderr);
    return 2;
  }
  return lamina::clients::CheckAll(argv[2]);
}
