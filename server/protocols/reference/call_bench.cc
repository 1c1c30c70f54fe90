// A request's message read and its response's message written, for a tensor of as many bytes each way: by hand
// (KserveCall, TfCall) and through protobuf, its messages on an arena. Between them the tensor is copied, as a model
// would read and write it; protobuf's response goes into one buffer, as into a slice of gRPC's.

#include <benchmark/benchmark.h>
#include <google/protobuf/arena.h>

#include <cstring>
#include <memory>

#include "server/protocols/kserve/call.h"
#include "server/protocols/reference/kserve_infer.h"
#include "server/protocols/reference/tfserving_predict.h"
#include "server/protocols/tfserving/call.h"

namespace lamina::server {
namespace {

constexpr InferResult kResult = {.version = 1};

std::string ModelInferMessage(size_t size) {
  inference::ModelInferRequest message;
  message.set_model_name("model");
  message.set_id("1");
  auto& input = *message.add_inputs();
  input.set_name("input");
  input.set_datatype("FP32");
  input.add_shape(1);
  input.add_shape(static_cast<int64_t>(size / 4));
  message.add_outputs()->set_name("output");
  message.add_raw_input_contents(std::string(size, 'x'));
  return message.SerializeAsString();
}

std::string PredictMessage(size_t size) {
  tensorflow::serving::PredictRequest message;
  message.mutable_model_spec()->set_name("model");
  auto& input = (*message.mutable_inputs())["input"];
  input.set_dtype(tensorflow::DT_FLOAT);
  input.mutable_tensor_shape()->add_dim()->set_size(1);
  input.mutable_tensor_shape()->add_dim()->set_size(static_cast<int64_t>(size / 4));
  input.set_tensor_content(std::string(size, 'x'));
  message.add_output_filter("output");
  return message.SerializeAsString();
}

/// The model: its one output is its one input.
bool Run(const InferRequest& request, OutputSink& sink) {
  static const auto* const kOutput = new TensorInfo{.name = "output", .type = ElementType::kF32};
  const InputTensor& input = request.inputs[0];
  const auto memory = sink.Reserve(0, *kOutput, input.shape, input.data.size());
  if (!memory.ok()) return false;
  std::memcpy(memory->data(), input.data.data(), input.data.size());
  return true;
}

template <typename Call>
void ByHand(benchmark::State& state, std::string (*make)(size_t)) {
  const std::string message = make(state.range(0));
  for (auto _ : state) {
    Call call;
    if (!call.Read(std::as_bytes(std::span(message))).ok() || !Run(call.request(), call.outputs())) {
      return state.SkipWithError("refused");
    }
    const auto pieces = call.Finish(kResult);
    benchmark::DoNotOptimize(&pieces);
    benchmark::ClobberMemory();
  }
}

template <typename Call, typename Request, typename Response>
void WithProtobuf(benchmark::State& state, std::string (*make)(size_t)) {
  const std::string message = make(state.range(0));
  for (auto _ : state) {
    google::protobuf::Arena arena;
    auto& request = *google::protobuf::Arena::CreateMessage<Request>(&arena);
    auto& response = *google::protobuf::Arena::CreateMessage<Response>(&arena);
    request.ParseFromArray(message.data(), static_cast<int>(message.size()));
    Call call(request, response);
    if (!call.Read().ok() || !Run(call.request(), call.outputs())) return state.SkipWithError("refused");
    call.Finish(kResult);
    const size_t size = response.ByteSizeLong();
    const auto slice = std::make_unique_for_overwrite<uint8_t[]>(size);
    response.SerializeWithCachedSizesToArray(slice.get());
    benchmark::DoNotOptimize(slice.get());
    benchmark::ClobberMemory();
  }
}

void ModelInferByHand(benchmark::State& state) { ByHand<KserveCall>(state, ModelInferMessage); }
void ModelInferWithProtobuf(benchmark::State& state) {
  WithProtobuf<KserveInfer, inference::ModelInferRequest, inference::ModelInferResponse>(state, ModelInferMessage);
}
void PredictByHand(benchmark::State& state) { ByHand<TfCall>(state, PredictMessage); }
void PredictWithProtobuf(benchmark::State& state) {
  WithProtobuf<TfPredict, tensorflow::serving::PredictRequest, tensorflow::serving::PredictResponse>(state,
                                                                                                     PredictMessage);
}

BENCHMARK(ModelInferByHand)->Arg(64)->Arg(602112);
BENCHMARK(ModelInferWithProtobuf)->Arg(64)->Arg(602112);
BENCHMARK(PredictByHand)->Arg(64)->Arg(602112);
BENCHMARK(PredictWithProtobuf)->Arg(64)->Arg(602112);

}  // namespace
}  // namespace lamina::server
