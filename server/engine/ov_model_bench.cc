// What the engine's wrapping costs: a tiny model through CompiledModel::InferAsync, against a bare infer request of
// OpenVINO.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>
#include <semaphore>
#include <span>
#include <vector>

#include "openvino/runtime/core.hpp"
#include "server/engine/load_model.h"
#include "server/engine/testing.h"

namespace lamina::server {
namespace {

constexpr int64_t kWidth = 16;

class FixedSink final : public OutputSink {
 public:
  absl::StatusOr<std::span<std::byte>> Reserve(size_t, const TensorInfo&, std::span<const int64_t>,
                                               size_t size) override {
    return std::span<std::byte>(memory_).first(size);
  }
  absl::Status PutStrings(size_t, const TensorInfo&, std::span<const int64_t>, std::span<const std::string>) override {
    return absl::OkStatus();
  }

 private:
  alignas(64) std::byte memory_[kWidth * sizeof(float)];
};

ov::PartialShape ShapeOf(const benchmark::State& state) { return {state.range(0) ? int64_t{1} : int64_t{-1}, kWidth}; }

void BareOpenVino(benchmark::State& state) {
  ov::Core core;
  ov::CompiledModel compiled =
      core.compile_model(testing::Times(2, ShapeOf(state)), "CPU",
                         {{"INFERENCE_PRECISION_HINT", "f32"}, {"PERFORMANCE_HINT", "THROUGHPUT"}});
  ov::InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(ov::Tensor(ov::element::f32, {1, kWidth}));
  for (auto _ : state) request.infer();
}
BENCHMARK(BareOpenVino)->Arg(1)->Arg(0)->ArgName("fixed_shape");

void ThroughCompiledModel(benchmark::State& state) {
  testing::TemporaryFolder folder;
  testing::Save(testing::Times(2, ShapeOf(state)), folder.path());
  Timer timer;
  ModelConfig config;
  config.name = "m";
  const auto model = LoadModel({.config = config, .path = folder.path()}, timer).value();
  const std::vector<int64_t> shape{1, kWidth};
  const std::vector<float> x(kWidth, 1.0f);
  const InputTensor input = testing::Input("x", ElementType::kF32, shape, x);
  InferRequest request;
  request.inputs = {&input, 1};
  FixedSink sink;
  std::binary_semaphore done(0);
  for (auto _ : state) {
    model->InferAsync(request, sink, [&](const absl::Status& status, const InferTimes&) {
      if (!status.ok()) state.SkipWithError("the inference failed");
      done.release();
    });
    done.acquire();
  }
}
BENCHMARK(ThroughCompiledModel)->Arg(1)->Arg(0)->ArgName("fixed_shape");

}  // namespace
}  // namespace lamina::server
