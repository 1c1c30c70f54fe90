#include "prepare/data_values.h"

#include <algorithm>

#include "prepare/graph.h"

namespace lamina::prepare {

DataValues::DataValues(const onnx::Graph& graph) {
  for (const onnx::ValueInfo& input : graph.input()) names_.insert(input.name());
  // A graph input that has an initializer is a constant.
  for (const onnx::Tensor& tensor : graph.initializer()) names_.erase(tensor.name());
}

bool DataValues::Visit(const onnx::Node& node) {
  const bool reads = std::any_of(node.input().begin(), node.input().end(),
                                 [&](const std::string& input) { return names_.contains(input); });
  const bool has_graphs = std::any_of(node.attribute().begin(), node.attribute().end(),
                                      [](const onnx::Attribute& attribute) { return attribute.has_g(); });
  const bool is_shape = IsOperator(node, "", "Shape") || IsOperator(node, "", "Size");
  if ((reads && !is_shape) || has_graphs) names_.insert(node.output().begin(), node.output().end());
  names_.erase("");  // an absent output is no absent input's value
  return reads;
}

}  // namespace lamina::prepare
