#include "extension/bridge/computation.h"

#include <algorithm>
#include <stdexcept>

#include "extension/bridge/element_type.h"
#include "extension/bridge/host.h"
#include "extension/bridge/inference.h"
#include "extension/bridge/inline_array.h"
#include "extension/bridge/narrowed.h"
#include "lamina/types.h"

namespace lamina::bridge {
namespace {

class ComputeContext final : public Context {
 public:
  ComputeContext(const PreparedNode& node, ov::TensorVector& outputs, lamina_tensor* const* tensors)
      : Context(node.subject()), outputs_(outputs), tensors_(tensors) {}

  /// What the layer's infer said of the outputs; none: all of them have their shapes.
  std::vector<ov::PartialShape> said;

  int32_t SetShape(uint64_t output, int32_t rank, const int64_t* dims) override {
    try {
      Require(output < outputs_.size() && tensors_[output], "compute set the shape of output ", output,
              ", which the node does not have or nobody reads");
      CheckShape(output, rank, dims);
      Resize(outputs_[output], *tensors_[output], rank, dims);
      return LAMINA_OK;
    } catch (const std::exception& error) {
      Fail(LAMINA_INTERNAL, Cat("output ", output, ": ", error.what()));
      return LAMINA_INTERNAL;
    }
  }

  void SetString(uint64_t output, uint64_t index, std::string_view text) override {
    if (output >= outputs_.size() || !tensors_[output] || tensors_[output]->type != LAMINA_STRING ||
        index >= tensors_[output]->size) {
      return Fail(LAMINA_INTERNAL,
                  Cat("compute wrote string ", index, " of output ", output, ", which has no such string"));
    }
    try {
      outputs_[output].data<std::string>()[index].assign(text);
    } catch (const std::exception& error) {
      Fail(LAMINA_RESOURCE_EXHAUSTED, error.what());
    }
  }

 private:
  // Whoever reads the output goes by what infer said.
  void CheckShape(uint64_t output, int32_t rank, const int64_t* dims) const {
    Require(rank >= 0, "its rank must be known, got ", rank);
    for (int32_t i = 0; i < rank; ++i) Require(dims[i] >= 0, "dimension ", i, " is ", dims[i]);
    const ov::PartialShape shape(std::vector<ov::Dimension>(dims, dims + rank));
    const ov::PartialShape expected = said.empty() ? ov::PartialShape(outputs_[output].get_shape()) : said[output];
    Require(expected.compatible(shape), "compute gives it the shape ", shape.to_string(), ", infer said ",
            expected.to_string());
  }

  void Resize(ov::Tensor& output, lamina_tensor& tensor, int32_t rank, const int64_t* dims) {
    const ov::Shape shape(dims, dims + rank);
    if (output.get_shape() != shape) output.set_shape(shape);
    auto* copy = scratch.Array<int64_t>(size_t(rank));
    std::copy(dims, dims + rank, copy);
    tensor.dims = copy;
    tensor.rank = rank;
    tensor.size = ov::shape_size(shape);
    if (tensor.type != LAMINA_STRING) tensor.data = output.data();
  }

  ov::TensorVector& outputs_;
  lamina_tensor* const* tensors_;
};

// Memory for the dimensions of a call's tensors: where it stands as long as it lasts.
class Dimensions {
 public:
  explicit Dimensions(Scratch& scratch) : scratch_(scratch) {}

  int64_t* Take(size_t rank) {
    if (rank > size_t(inline_ + kInline - next_)) return scratch_.Array<int64_t>(rank);
    next_ += rank;
    return next_ - rank;
  }

 private:
  static constexpr size_t kInline = 48;
  Scratch& scratch_;
  int64_t inline_[kInline];
  int64_t* next_ = inline_;
};

// Type, dimensions and size. Not inlined: what a call finds in the instruction cache counts for more than a call.
[[gnu::noinline]] void Describe(const ov::Tensor& tensor, int32_t type, Dimensions& dimensions,
                                lamina_tensor& described) {
  const ov::Shape& shape = tensor.get_shape();
  int64_t* dims = dimensions.Take(shape.size());
  described = {sizeof(lamina_tensor), type, dims, int32_t(shape.size()), 0, 1, nullptr};
  for (const size_t dimension : shape) {
    described.size *= dimension;
    *dims++ = int64_t(dimension);
  }
}

// Weights of a saved model and of the model cache begin anywhere; a layer is promised its elements' alignment.
const void* Value(const ov::Tensor& tensor, const lamina_tensor& described, Scratch& scratch) {
  if (described.type == LAMINA_STRING) {
    const auto* from = tensor.data<const std::string>();
    auto* strings = scratch.Array<lamina_string>(described.size);
    for (size_t i = 0; i < described.size; ++i) strings[i] = {from[i].data(), from[i].size()};
    return strings;
  }
  const int32_t actual = ToAbi(tensor.get_element_type());
  const void* data = tensor.data();
  constexpr size_t kGreatestElement = 8;  // asking for the element's own size costs more than all the rest
  if (reinterpret_cast<uintptr_t>(data) % kGreatestElement != 0)
    data = scratch.Aligned(data, tensor.get_byte_size(), tensor.get_element_type().size());
  if (actual == described.type) return data;
  Require(CanRestore(described.type, actual), "an input arrived as ", TypeName(actual), ", the model says ",
          TypeName(described.type));
  return Restore(described.type, actual, data, described.size, scratch);
}

void DescribeOutput(ov::Tensor& output, int32_t type, Dimensions& dimensions, lamina_tensor& tensor) {
  Describe(output, type, dimensions, tensor);
  if (type == LAMINA_STRING) return;
  const int32_t actual = ToAbi(output.get_element_type());
  if (actual != type)
    Require(output.get_element_type().bitwidth() == FromAbi(type).bitwidth(), "the engine wants an output as ",
            TypeName(actual), ", the layer gives ", TypeName(type));
  tensor.data = output.data();
}

// What the engine hands over as an output whose shape it does not know: as soon as one of a node's depends on the
// values of inputs, it asks for no other's either.
bool MayBeOpen(const ov::Tensor& output) {
  const ov::Shape& shape = output.get_shape();
  return shape.size() == 1 && shape[0] == 0;
}

}  // namespace

void Compute(const PreparedNode& node, std::span<const int32_t> types, std::span<const int32_t> output_types,
             const std::vector<bool>& read, const ov::TensorVector& inputs, ov::TensorVector& outputs) {
  InlineArray<lamina_tensor, 8> input_tensors(node.connected_count()), output_tensors(outputs.size());
  InlineArray<const lamina_tensor*, 8> slots(node.slot_count());
  InlineArray<lamina_tensor*, 8> results(outputs.size());
  ComputeContext context(node, outputs, results.data());
  Dimensions dimensions(context.scratch);
  for (size_t slot = 0, i = 0; slot < node.slot_count(); ++slot) {
    slots[slot] = nullptr;
    if (!node.header().present[slot]) continue;
    Describe(inputs[i], types[i], dimensions, input_tensors[i]);
    input_tensors[i].data = const_cast<void*>(Value(inputs[i], input_tensors[i], context.scratch));
    slots[slot] = &input_tensors[i++];
  }
  std::vector<ov::PartialShape>& said = context.said;
  if (std::any_of(outputs.begin(), outputs.end(), MayBeOpen))
    said = GiveShapes(node, {slots.data(), slots.size()}, outputs);
  for (size_t i = 0; i < outputs.size(); ++i) {
    results[i] = nullptr;
    if (!read[i] && node.optional_output(i)) continue;
    DescribeOutput(outputs[i], output_types[i], dimensions, output_tensors[i]);
    if (!said.empty() && said[i].is_dynamic())
      output_tensors[i] = {sizeof(lamina_tensor), output_types[i], nullptr, -1};
    results[i] = &output_tensors[i];
  }
  lamina_call call = {sizeof(lamina_call), 0, &static_cast<Context&>(context), &Host()};
  call.input_count = node.slot_count();
  call.inputs = slots.data();
  call.output_count = outputs.size();
  call.outputs = results.data();
  const int32_t result = node.layer().table().compute(node.state(), &call);
  if (result != LAMINA_OK || context.code != LAMINA_OK) context.Check(result, "compute");
  for (size_t i = 0; i < said.size(); ++i)
    Require(!results[i] || results[i]->rank >= 0, node.subject(), ": output ", i, " was given no shape");
}

}  // namespace lamina::bridge
