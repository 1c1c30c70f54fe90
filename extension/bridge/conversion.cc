#include "extension/bridge/conversion.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>

#include "extension/bridge/framework_attribute.h"
#include "extension/bridge/node_blob.h"
#include "extension/bridge/operation.h"
#include "lamina/types.h"
#include "openvino/op/constant.hpp"
#include "sdk/loader/table.h"

namespace lamina::bridge {
namespace {

using ov::frontend::NodeContext;
using ov::op::v0::Constant;

// What a prepared model says of a node beside the node's own attributes.
constexpr const char* kTensorAttributes = "lamina_tensor_attributes";
constexpr const char* kOpset = "lamina_opset";
constexpr const char* kOutputCount = "lamina_output_count";
constexpr const char* kInBody = "lamina_in_body";

// The front-end's stand-in for an input that is absent; its class is not in a public header.
bool IsAbsent(const ov::Output<ov::Node>& input) {
  return !input.get_node() || std::strcmp(input.get_node()->get_type_name(), "NullNode") == 0;
}

int64_t IntAttribute(const NodeContext& context, const char* name, int64_t otherwise) {
  const ov::Any value = context.get_attribute_as_any(name);
  return value.is<int64_t>() ? value.as<int64_t>() : otherwise;
}

// Inputs and attributes of the node, the tensors among them taken off the end of the inputs.
struct FrameworkNode {
  explicit FrameworkNode(const NodeContext& context);

  ov::OutputVector inputs;  // absent ones too, but not at the end
  struct Tensors {
    int32_t kind;
    Constants values;
  };
  std::map<std::string, Tensors> tensors;  // the attributes that are tensors
  uint32_t opset;

 private:
  void AddTensor(const std::string& name, const ov::Output<ov::Node>& input);
};

FrameworkNode::FrameworkNode(const NodeContext& context) : opset(uint32_t(IntAttribute(context, kOpset, 0))) {
  for (size_t i = 0; i < context.get_input_size(); ++i) inputs.push_back(context.get_input(int(i)));
  const ov::Any value = context.get_attribute_as_any(kTensorAttributes);
  const auto names =
      value.is<std::vector<std::string>>() ? value.as<std::vector<std::string>>() : std::vector<std::string>();
  Require(names.size() <= inputs.size(), "it names ", names.size(), " tensor attributes but has ", inputs.size(),
          " inputs; prepare the model again");
  const size_t first = inputs.size() - names.size();
  for (size_t i = 0; i < names.size(); ++i) AddTensor(names[i], inputs[first + i]);
  inputs.resize(first);
  while (!inputs.empty() && IsAbsent(inputs.back())) inputs.pop_back();
}

// An entry of a list of tensors is named "name[0]", "name[1]", ..., and they come in this order.
void FrameworkNode::AddTensor(const std::string& name, const ov::Output<ov::Node>& input) {
  const bool listed = name.ends_with(']') && name.find('[') != std::string::npos;
  auto& attribute = tensors[name.substr(0, listed ? name.find('[') : name.size())];
  attribute.kind = listed ? LAMINA_ATTRIBUTE_TENSORS : LAMINA_ATTRIBUTE_TENSOR;
  attribute.values.push_back(ov::as_type_ptr<Constant>(input.get_node_shared_ptr()));
  Require(attribute.values.back() != nullptr, "tensor attribute '", name,
          "' is not a constant; prepare the model again");
}

ov::Any Attribute(const NodeContext& context, const lamina_attribute_declaration& declaration) {
  try {
    return context.get_attribute_as_any(declaration.name);
  } catch (const std::exception& error) {
    constexpr uint64_t kTensors = 1 << LAMINA_ATTRIBUTE_TENSOR | 1 << LAMINA_ATTRIBUTE_TENSORS;
    Require(!(declaration.kinds & kTensors), "attribute '", declaration.name,
            "' is a tensor, which OpenVINO's reader cannot pass on; prepare the model first (lamina prepare IN.onnx "
            "OUT.onnx)");
    throw Error(Cat("attribute '", declaration.name, "' cannot be read: ", error.what()));
  }
}

size_t OutputCount(const NodeContext& context, const Layer& layer) {
  return size_t(IntAttribute(context, kOutputCount, layer.table().output_count));
}

// The bytes are gone before the layer makes its state of them.
std::shared_ptr<const Constant> MakeBlob(const NodeHeader& header, const Layer& layer, const NodeContext& context,
                                       const FrameworkNode& node) {
  NodeBlobWriter blob(header);
  for (const auto& [name, tensors] : node.tensors) {
    blob.Add(FrameworkAttribute(name, tensors.kind, tensors.values).abi());
  }
  for (const auto& declaration : loader::Attributes(layer.table())) {
    if (node.tensors.contains(declaration.name)) continue;
    const ov::Any value = Attribute(context, declaration);
    if (!value.empty()) blob.Add(FrameworkAttribute(declaration, value).abi());
  }
  const auto bytes = blob.Finish();
  return std::make_shared<const Constant>(ov::element::u8, ov::Shape{bytes.size()}, bytes.data());
}

ov::OutputVector MakeOperation(const Operator& op, const NodeContext& context, const FrameworkNode& node,
                               std::shared_ptr<const Layer> layer) {
  NodeHeader header = {context.get_name(), op.domain, op.name, node.opset, OutputCount(context, *layer)};
  header.in_body = IntAttribute(context, kInBody, 0) != 0;
  ov::OutputVector connected;
  for (const auto& input : node.inputs) {
    header.present.push_back(!IsAbsent(input));
    if (header.present.back()) connected.push_back(input);
  }
  auto blob = MakeBlob(header, *layer, context, node);
  auto prepared = std::make_shared<const PreparedNode>(std::move(layer), std::move(blob));
  return std::make_shared<Operation>(std::move(prepared), connected)->outputs();
}

bool Covers(const Candidate& candidate, uint32_t opset) {
  return opset == 0 || (opset >= candidate.since && (candidate.until == 0 || opset <= candidate.until));
}

std::string Versions(const Operator& op) {
  std::string versions;
  for (const auto& candidate : op.candidates) {
    versions += Cat(versions.empty() ? "" : ", ", candidate.since, " to ",
                    candidate.until ? std::to_string(candidate.until) : "any");
  }
  return versions;
}

}  // namespace

std::vector<Operator> OperatorsOf(const Layers& layers) {
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<Candidate>> found;
  for (const auto& layer : layers) {
    for (const auto& binding : loader::Bindings(layer->table())) {
      auto& candidates = found[{binding.framework, binding.domain, binding.operator_name}];
      candidates.insert(candidates.begin(), {layer, binding.since, binding.until});
    }
  }
  std::vector<Operator> operators;
  for (auto& [key, candidates] : found) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.since > b.since; });
    operators.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::move(candidates)});
  }
  return operators;
}

ov::OutputVector Convert(const Operator& op, const NodeContext& context) {
  std::string error;
  try {
    const FrameworkNode node(context);
    for (const auto& candidate : op.candidates) {
      if (!Covers(candidate, node.opset)) continue;
      try {
        return MakeOperation(op, context, node, candidate.layer);
      } catch (const std::exception& failure) {
        if (error.empty()) error = failure.what();
      }
    }
    if (error.empty()) {
      error = Cat("the model's operator set is version ", node.opset, ", the layers at hand are for ", Versions(op));
    }
  } catch (const std::exception& failure) {
    error = failure.what();
  }
  if (error.starts_with("layer '")) throw std::runtime_error(error);
  throw std::runtime_error(Cat("operator '", op.domain, op.domain.empty() ? "" : ".", op.name, "', node '",
                               context.get_name(), "': ", error));
}

}  // namespace lamina::bridge
