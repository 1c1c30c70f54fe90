// The same inferences without a server: OpenVINO in this process, with the server's settings, each caller a thread with
// an infer request of its own. Prints inferences per second and latencies as JSON.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstring>
#include <map>
#include <openvino/openvino.hpp>
#include <string>
#include <thread>
#include <vector>

#include "bench/serving/files.h"
#include "bench/serving/measure.h"
#include "prepare/layers_of.h"
#include "prepare/read_model.h"
#include "proto/kserve/inference.pb.h"
#include "sdk/loader/manifest.h"

namespace lamina::bench {
namespace {

struct Flags {
  std::string model, library, request_path;
  int callers = 1;
  double warm_up_s = 0.5, seconds = 3;
};

const std::map<std::string, ov::element::Type> kTypes = {
    {"FP32", ov::element::f32}, {"INT64", ov::element::i64}, {"INT32", ov::element::i32}, {"UINT8", ov::element::u8}};

ov::CompiledModel Compile(const Flags& flags) {
  static ov::Core core;
  prepare::ReadOptions options;
  if (!flags.library.empty()) {
    core.add_extension(flags.library);
    options.layers = prepare::LayersOf(loader::ReadManifest(flags.library));
  }
  const auto read = prepare::ReadModel(core, flags.model, options);
  if (!read.ok()) {
    std::fprintf(stderr, "error: %s\n", std::string(read.status().message()).c_str());
    std::exit(1);
  }
  return core.compile_model(read->model, "CPU",
                            {ov::hint::inference_precision(ov::element::f32),
                             ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT)});
}

/// An infer request with the inputs of the message.
ov::InferRequest Fill(ov::CompiledModel& model, const inference::ModelInferRequest& message) {
  ov::InferRequest request = model.create_infer_request();
  for (int i = 0; i < message.inputs_size(); ++i) {
    const auto& input = message.inputs(i);
    ov::Tensor tensor(kTypes.at(input.datatype()), ov::Shape(input.shape().begin(), input.shape().end()));
    std::memcpy(tensor.data(), message.raw_input_contents(i).data(), tensor.get_byte_size());
    request.set_tensor(input.name(), tensor);
  }
  return request;
}

int Run(const Flags& flags) {
  const auto message = ReadMessage<inference::ModelInferRequest>(flags.request_path);
  ov::CompiledModel model = Compile(flags);
  // More threads than streams only wait for one another.
  const int streams = static_cast<int>(model.get_property(ov::optimal_number_of_infer_requests));
  std::vector<ov::InferRequest> requests;
  for (int i = 0; i < std::min(flags.callers, streams); ++i) requests.push_back(Fill(model, message));
  std::vector<Latencies> latencies(requests.size());
  const Window window = Window::Of(flags.warm_up_s, flags.seconds);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < requests.size(); ++i) {
      threads.emplace_back([&, i] {
        for (auto started = Clock::now(); started < window.end;) {
          requests[i].infer();
          const auto answered = Clock::now();
          latencies[i].Add(window, started, answered);
          started = answered;
        }
      });
    }
  }
  for (size_t i = 1; i < latencies.size(); ++i) latencies[0].Append(latencies[i]);
  latencies[0].Print(window);
  return 0;
}

}  // namespace
}  // namespace lamina::bench

int main(int argc, char** argv) {
  lamina::bench::Flags flags;
  CLI::App app("Runs a model in this process again and again");
  app.add_option("--model", flags.model, "ONNX model")->required();
  app.add_option("--library", flags.library, "extension library");
  app.add_option("--request", flags.request_path, "file with a serialised inference.ModelInferRequest")->required();
  app.add_option("--callers", flags.callers, "threads");
  app.add_option("--warm_up", flags.warm_up_s, "seconds that are not counted");
  app.add_option("--seconds", flags.seconds, "seconds that are counted");
  CLI11_PARSE(app, argc, argv);
  return lamina::bench::Run(flags);
}
