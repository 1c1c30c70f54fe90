#include "extension/bridge/inference.h"

#include <algorithm>
#include <stdexcept>

#include "extension/bridge/element_type.h"
#include "extension/bridge/host.h"
#include "extension/bridge/inline_array.h"
#include "extension/bridge/narrowed.h"
#include "lamina/types.h"
#include "openvino/op/constant.hpp"
#include "sdk/loader/checks.h"
#include "sdk/loader/table.h"

namespace lamina::bridge {
namespace {

class InferContext final : public Context {
 public:
  InferContext(const PreparedNode& node, ov::Node& operation)
      : Context(node.subject()), node_(node), operation_(operation) {}

  void SetOutput(uint64_t output, int32_t type, int32_t rank, const int64_t* dims) override {
    try {
      Set(output, type, rank, dims);
    } catch (const std::exception& error) {
      Fail(LAMINA_INTERNAL, error.what());
    }
  }

  void CheckAllSet() const {
    for (uint64_t i = 0; i < std::min<uint64_t>(node_.header().output_count, 64); ++i) {
      if (!(set_ >> i & 1))
        throw std::runtime_error(subject + ": infer did not say type and shape of output " + Cat(i));
    }
  }

 private:
  void Set(uint64_t output, int32_t type, int32_t rank, const int64_t* dims) {
    // A layer may always speak of all outputs that it has; those that the node has not are left out.
    if (output >= node_.header().output_count) {
      Require(output < loader::MaxOutputs(node_.layer().table()), "infer set output ", output, ", the layer has ",
              loader::Outputs(node_.layer().table()).size());
      return;
    }
    Require(type >= LAMINA_DYNAMIC && type <= LAMINA_F8E8M0, "infer gave output ", output, " the type ", type,
            ", which there is not");
    const auto ports = loader::Outputs(node_.layer().table());
    const lamina_port& port = ports[std::min<size_t>(output, ports.size() - 1)];
    if (port.types != 0 && type != LAMINA_DYNAMIC && !(port.types >> type & 1)) {
      throw Error(Cat("infer gave output '", port.name, "' the type ", TypeName(type), ", its port says ",
                      loader::TypeNames(port.types)));
    }
    operation_.set_output_type(output, FromAbi(type), Shape(output, rank, dims));
    if (output < 64) set_ |= uint64_t{1} << output;
  }

  static ov::PartialShape Shape(uint64_t output, int32_t rank, const int64_t* dims) {
    if (rank < 0) return ov::PartialShape::dynamic();
    std::vector<ov::Dimension> dimensions;
    dimensions.reserve(size_t(rank));
    for (int32_t i = 0; i < rank; ++i) {
      Require(dims[i] >= -1, "infer gave dimension ", i, " of output ", output, " the size ", dims[i]);
      dimensions.emplace_back(dims[i]);
    }
    return ov::PartialShape(std::move(dimensions));
  }

  const PreparedNode& node_;
  ov::Node& operation_;
  uint64_t set_ = 0;
};

class ShapesContext final : public Context {
 public:
  ShapesContext(const PreparedNode& node, ov::TensorVector& outputs)
      : Context(node.subject()), shapes(outputs.size(), ov::PartialShape::dynamic()), outputs_(outputs) {}

  void SetOutput(uint64_t output, int32_t, int32_t rank, const int64_t* dims) override {
    if (output >= outputs_.size() || rank < 0) return;
    try {
      ov::PartialShape& said = shapes[output];
      said = ov::PartialShape(std::vector<ov::Dimension>(dims, dims + rank));
      if (said.is_static() && outputs_[output].get_shape() != said.get_shape())
        outputs_[output].set_shape(said.get_shape());
    } catch (const std::exception& error) {
      Fail(LAMINA_RESOURCE_EXHAUSTED, error.what());
    }
  }

  std::vector<ov::PartialShape> shapes;

 private:
  ov::TensorVector& outputs_;
};

// Calls the layer's infer.
void Infer(const PreparedNode& node, std::span<const lamina_tensor* const> inputs, Context& context) {
  lamina_inference inference = {sizeof(lamina_inference), 0, &context, &Host()};
  inference.input_count = inputs.size();
  inference.inputs = inputs.data();
  inference.output_count = node.header().output_count;
  context.Check(node.layer().table().infer(node.state(), &inference), "infer");
}

// The value of an input that is a constant, in the type that the layer sees.
const void* ConstantValue(const ov::Node& source, int32_t type, Scratch& scratch) {
  const auto* constant = dynamic_cast<const ov::op::v0::Constant*>(&source);
  if (!constant) return nullptr;
  const size_t count = ov::shape_size(constant->get_shape());
  const int32_t actual = ToAbi(constant->get_element_type());
  if (actual == LAMINA_STRING && type == LAMINA_STRING) {
    const auto* from = constant->get_data_ptr<std::string>();
    auto* strings = scratch.Array<lamina_string>(count);
    for (size_t i = 0; i < count; ++i) strings[i] = {from[i].data(), from[i].size()};
    return strings;
  }
  const ov::element::Type& element = constant->get_element_type();
  const void* data = scratch.Aligned(constant->get_data_ptr(), constant->get_byte_size(), element.size());
  if (actual == type) return data;
  return CanRestore(type, actual) ? Restore(type, actual, data, count, scratch) : nullptr;
}

size_t TotalRank(const PreparedNode& node, const ov::Node& operation) {
  size_t total = 0;
  for (size_t i = 0; i < node.connected_count(); ++i) {
    const auto rank = operation.get_input_partial_shape(i).rank();
    total += rank.is_static() ? size_t(rank.get_length()) : 0;
  }
  return total;
}

// Describes connected input i; its dimensions go to `dims`, which is moved on.
lamina_tensor Describe(const ov::Node& operation, size_t i, int32_t type, int64_t*& dims, Scratch& scratch) {
  lamina_tensor tensor = {sizeof(lamina_tensor)};
  tensor.type = type;
  tensor.rank = -1;
  const ov::PartialShape& shape = operation.get_input_partial_shape(i);
  if (shape.rank().is_dynamic()) return tensor;
  tensor.dims = dims;
  tensor.rank = int32_t(shape.size());
  tensor.size = 1;
  for (const auto& dimension : shape) {
    *dims = dimension.is_static() ? dimension.get_length() : -1;
    tensor.size = *dims < 0 ? 0 : tensor.size * uint64_t(*dims);
    ++dims;
  }
  tensor.data = const_cast<void*>(ConstantValue(*operation.get_input_node_ptr(i), type, scratch));
  return tensor;
}

}  // namespace

void InferOutputs(const PreparedNode& node, std::span<const int32_t> types, ov::Node& operation) {
  InferContext context(node, operation);
  InlineArray<int64_t, 32> dims(TotalRank(node, operation));
  InlineArray<lamina_tensor, 8> tensors(node.connected_count());
  InlineArray<const lamina_tensor*, 8> slots(node.slot_count());
  int64_t* next_dims = dims.data();
  for (size_t slot = 0, i = 0; slot < node.slot_count(); ++slot) {
    slots[slot] = nullptr;
    if (!node.header().present[slot]) continue;
    tensors[i] = Describe(operation, i, types[i], next_dims, context.scratch);
    slots[slot] = &tensors[i++];
  }
  const std::string wrong = loader::CheckInputs(node.layer().table(), {slots.data(), slots.size()});
  if (!wrong.empty()) throw std::runtime_error(node.subject() + ": " + wrong);
  Infer(node, {slots.data(), slots.size()}, context);
  context.CheckAllSet();
}

std::vector<ov::PartialShape> GiveShapes(const PreparedNode& node, std::span<const lamina_tensor* const> inputs,
                                         ov::TensorVector& outputs) {
  ShapesContext context(node, outputs);
  Infer(node, inputs, context);
  return std::move(context.shapes);
}

}  // namespace lamina::bridge
