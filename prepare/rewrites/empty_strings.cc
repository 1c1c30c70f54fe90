// The front-end takes no tensor of strings without elements ("Unknown type"): it becomes a "", expanded to its shape.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

bool IsOfNoStrings(const onnx::Tensor& tensor) {
  const auto& dims = tensor.dims();
  return tensor.data_type() == onnx::Tensor::STRING && std::find(dims.begin(), dims.end(), 0) != dims.end();
}

/// Makes the tensor the initializer that the node expands to `value`.
onnx::Node Expanding(Context& context, onnx::Graph& graph, onnx::Tensor& tensor, const std::string& value) {
  const std::string shape = context.names.Fresh(value + "/shape");
  onnx::Tensor& dims = *graph.add_initializer();
  dims.set_name(shape);
  dims.set_data_type(onnx::Tensor::INT64);
  dims.add_dims(tensor.dims_size());
  *dims.mutable_int64_data() = tensor.dims();
  tensor.clear_dims();
  tensor.clear_raw_data();
  tensor.add_string_data("");
  tensor.set_name(context.names.Fresh(value + "/element"));
  onnx::Node node = MakeNode("Expand", {tensor.name(), shape}, {value});
  node.set_name(value);
  context.Changed(node, "made of a tensor of strings without elements");
  return node;
}

void ExpandConstants(Context& context, onnx::Graph& graph) {
  for (onnx::Node& node : *graph.mutable_node()) {
    const onnx::Attribute* value = FindAttribute(node, "value");
    if (!IsOperator(node, "", "Constant") || !value || !IsOfNoStrings(value->t())) continue;
    onnx::Tensor tensor = value->t();
    node = Expanding(context, graph, tensor, node.output(0));
    *graph.add_initializer() = std::move(tensor);
  }
}

/// Those that are inputs, too, have to keep their names.
void ExpandInitializers(Context& context, onnx::Graph& graph) {
  std::unordered_set<std::string> inputs;
  for (const onnx::ValueInfo& input : graph.input()) inputs.insert(input.name());
  NodeList nodes;
  for (int i = 0, count = graph.initializer_size(); i < count; ++i) {
    const std::string name = graph.initializer(i).name();
    if (!IsOfNoStrings(graph.initializer(i)) || inputs.contains(name)) continue;
    onnx::Tensor tensor = graph.initializer(i);
    *nodes.Add() = Expanding(context, graph, tensor, name);
    *graph.mutable_initializer(i) = std::move(tensor);
  }
  if (nodes.empty()) return;
  for (onnx::Node& node : *graph.mutable_node()) *nodes.Add() = std::move(node);
  graph.mutable_node()->Swap(&nodes);
}

}  // namespace

absl::Status RewriteEmptyStrings(Context& context) {
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    ExpandConstants(context, graph);
    ExpandInitializers(context, graph);
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
