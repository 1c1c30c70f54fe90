// What a layer costs beside its computing: a whole inference of a chain of n tiny nodes, ours and the engine's own.
#include <benchmark/benchmark.h>

#include "extension/bridge/testing/runs.h"
#include "openvino/op/parameter.hpp"

namespace lamina::bridge {
namespace {

ov::CompiledModel Chain(const std::string& domain, const std::string& op, int nodes, bool dynamic) {
  OnnxModel model;
  const std::vector<int64_t> dims = {dynamic ? -1 : 1, 4};
  model.Input("v0", OnnxType::kFloat, dims);
  for (int i = 0; i < nodes; ++i) model.Node(domain, op, {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
  model.Output("v" + std::to_string(nodes), OnnxType::kFloat, dims);
  auto core = TestCore();
  return core.compile_model(Read(core, model), "CPU", ov::num_streams(1), ov::inference_num_threads(1));
}

void Infer(benchmark::State& state, const std::string& domain, const std::string& op) {
  auto model = Chain(domain, op, int(state.range(0)), state.range(1) != 0);
  auto request = model.create_infer_request();
  request.set_input_tensor(TensorOf<float>({1, 4}, {-1, 0, 1, 2}));
  for (auto _ : state) request.infer();
}

void Layer(benchmark::State& state) { Infer(state, "test", "LeakyRelu"); }
void EngineOperation(benchmark::State& state) { Infer(state, "", "HardSigmoid"); }

// What the engine does with an operation before each inference of a dynamic shape.
void CloneAndValidate(benchmark::State& state) {
  OnnxModel model;
  model.Input("x", OnnxType::kFloat, {-1, 4})
      .Node("test", "LeakyRelu", {"x"}, {"y"})
      .Output("y", OnnxType::kFloat, {-1, 4});
  auto core = TestCore();
  const auto read = Read(core, model);
  const auto operation = read->get_results()[0]->get_input_node_shared_ptr(0);
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{1, 4});
  const ov::OutputVector inputs = {x};
  for (auto _ : state) operation->clone_with_new_inputs(inputs)->validate_and_infer_types();
}
BENCHMARK(CloneAndValidate);

void Chains(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"nodes", "dynamic"})->ArgsProduct({{1, 2, 11}, {0, 1}})->Unit(benchmark::kMicrosecond);
}
BENCHMARK(Layer)->Apply(Chains);
BENCHMARK(EngineOperation)->Apply(Chains);

}  // namespace
}  // namespace lamina::bridge
