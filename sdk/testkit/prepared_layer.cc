#include <algorithm>

#include "sdk/loader/checks.h"
#include "sdk/loader/table.h"
#include "sdk/testkit/host.h"
#include "sdk/testkit/testkit.h"

namespace lamina::testkit {
namespace {

// The inputs as the ABI wants them, in memory of their own.
class InputTensors {
 public:
  InputTensors(const std::vector<Value>& values, bool unaligned, bool with_data) : strings_(values.size()) {
    tensors_.reserve(values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      lamina_tensor tensor = TensorOf(values[i], strings_[i]);
      if (values[i].type != LAMINA_STRING && !values[i].bytes.empty()) {
        const size_t element = std::max<size_t>(BitsOf(values[i].type) / 8, 1);
        buffers_.push_back(std::make_unique<Buffer>(values[i].bytes.size(), element, unaligned));
        tensor.data = buffers_.back()->data();
        std::memcpy(tensor.data, values[i].bytes.data(), values[i].bytes.size());
      }
      const bool known =
          std::all_of(values[i].dims.begin(), values[i].dims.end(), [](int64_t dim) { return dim >= 0; });
      if (!known) tensor.size = 0;
      if (values[i].dims == kUnknownRank) tensor.rank = -1, tensor.dims = nullptr;
      if (!with_data || !known) tensor.data = nullptr;
      tensors_.push_back(tensor);
      pointers_.push_back(values[i].absent ? nullptr : &tensors_.back());
    }
  }
  const std::vector<const lamina_tensor*>& pointers() const { return pointers_; }

 private:
  std::vector<std::vector<lamina_string>> strings_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  std::vector<lamina_tensor> tensors_;
  std::vector<const lamina_tensor*> pointers_;
};

Outcome Failed(int32_t code, const std::string& error) {
  Outcome outcome;
  outcome.code = code;
  outcome.error = error.empty() ? "the layer failed without a message" : error;
  return outcome;
}

size_t OutputCount(const lamina_layer& layer, const Options& options) {
  return options.output_count ? options.output_count : layer.output_count;
}

// Calls infer; the slots of the host get what it says.
int32_t CallInfer(const lamina_layer& layer, const void* state, TestHost& host, const InputTensors& inputs) {
  const lamina_inference inference = {
      sizeof(lamina_inference), 0, &host, &host.abi, inputs.pointers().size(), inputs.pointers().data(),
      host.outputs.size()};
  const int32_t code = layer.infer(state, &inference);
  for (size_t i = 0; code == LAMINA_OK && i < host.outputs.size(); ++i) {
    if (host.outputs[i].type != LAMINA_DYNAMIC) continue;
    host.error = "Infer did not say the type of output " + std::to_string(i);
    return LAMINA_INTERNAL;
  }
  return code;
}

Outcome Collect(TestHost& host) {
  Outcome outcome;
  for (size_t i = 0; i < host.outputs.size(); ++i) {
    OutputSlot& slot = host.outputs[i];
    if (!slot.allocated) return Failed(LAMINA_INTERNAL, "output " + std::to_string(i) + " was given no shape");
    if (slot.buffer->overwritten()) {
      return Failed(LAMINA_INTERNAL, "output " + std::to_string(i) + " was written beyond its ends");
    }
    std::copy_n(slot.buffer->data(), slot.value.bytes.size(), slot.value.bytes.begin());
    outcome.outputs.push_back(std::move(slot.value));
  }
  for (auto& block : host.scratch) {
    if (block->overwritten()) return Failed(LAMINA_INTERNAL, "scratch memory was written beyond its ends");
  }
  return outcome;
}

}  // namespace

PreparedLayer::PreparedLayer(const lamina_layer& layer, const AttributeSet& attributes, size_t input_count,
                             const Options& options)
    : layer_(layer), options_(options) {
  error_ = loader::CheckAttributes(layer, attributes.view());
  if (!error_.empty()) {
    code_ = LAMINA_INVALID_ARGUMENT;
    return;
  }
  TestHost host(options_);
  const bool bound = layer.binding_count > 0;
  const lamina_node node = {sizeof(lamina_node),
                            0,
                            &host,
                            &host.abi,
                            "node",
                            bound ? layer.bindings[0].domain : "",
                            bound ? layer.bindings[0].operator_name : layer.name,
                            attributes.view().size(),
                            attributes.view().data(),
                            input_count,
                            OutputCount(layer, options_)};
  code_ = layer.create(&node, &state_);
  if (code_ != LAMINA_OK) error_ = host.error.empty() ? "create failed without a message" : host.error;
}

PreparedLayer::~PreparedLayer() {
  if (state_) layer_.destroy(state_);
}

Outcome PreparedLayer::Infer(const std::vector<Value>& inputs) const {
  if (!error_.empty()) return Failed(code_, error_);
  const InputTensors tensors(inputs, false, options_.constant_inputs);
  const std::string wrong = loader::CheckInputs(layer_, tensors.pointers());
  if (!wrong.empty()) return Failed(LAMINA_INVALID_ARGUMENT, wrong);
  TestHost host(options_, OutputCount(layer_, options_));
  const int32_t code = CallInfer(layer_, state_, host, tensors);
  if (code != LAMINA_OK) return Failed(code, host.error);
  Outcome outcome;
  for (const OutputSlot& slot : host.outputs) {
    Value& value = outcome.outputs.emplace_back();
    value.type = slot.type;
    value.dims = slot.rank < 0 ? kUnknownRank : slot.dims;
  }
  return outcome;
}

Outcome PreparedLayer::Run(const std::vector<Value>& inputs) const {
  if (!error_.empty()) return Failed(code_, error_);
  const InputTensors shapes(inputs, false, options_.constant_inputs);
  const std::string wrong = loader::CheckInputs(layer_, shapes.pointers());
  if (!wrong.empty()) return Failed(LAMINA_INVALID_ARGUMENT, wrong);
  TestHost host(options_, OutputCount(layer_, options_));
  int32_t code = CallInfer(layer_, state_, host, shapes);
  if (code != LAMINA_OK) return Failed(code, host.error);

  std::vector<lamina_tensor*> outputs;
  for (OutputSlot& slot : host.outputs) {
    if (slot.known()) slot.Allocate(options_.unaligned);
    if (!slot.allocated) slot.tensor = {sizeof(lamina_tensor), slot.type, nullptr, -1};
    outputs.push_back(&slot.tensor);
  }
  const InputTensors tensors(inputs, options_.unaligned, true);
  const lamina_call call = {
      sizeof(lamina_call), 0, &host, &host.abi, tensors.pointers().size(), tensors.pointers().data(), outputs.size(),
      outputs.data()};
  code = layer_.compute(state_, &call);
  return code == LAMINA_OK && host.error.empty() ? Collect(host) : Failed(code ? code : host.code, host.error);
}

}  // namespace lamina::testkit
