#include "prepare/check_locations.h"

#include <functional>

#include "absl/strings/str_cat.h"

namespace lamina::prepare {
namespace {

using Visit = std::function<void(const onnx::Tensor&)>;

void ForEachTensor(const onnx::SparseTensor& tensor, const Visit& visit) {
  visit(tensor.values());
  visit(tensor.indices());
}

void ForEachTensor(const onnx::Graph& graph, const Visit& visit);

void ForEachTensor(const onnx::Attribute& attribute, const Visit& visit) {
  visit(attribute.t());
  for (const onnx::Tensor& tensor : attribute.tensors()) visit(tensor);
  ForEachTensor(attribute.sparse_tensor(), visit);
  for (const onnx::SparseTensor& tensor : attribute.sparse_tensors()) ForEachTensor(tensor, visit);
  if (attribute.has_g()) ForEachTensor(attribute.g(), visit);
  for (const onnx::Graph& graph : attribute.graphs()) ForEachTensor(graph, visit);
}

void ForEachTensor(const onnx::Node& node, const Visit& visit) {
  for (const onnx::Attribute& attribute : node.attribute()) ForEachTensor(attribute, visit);
}

void ForEachTensor(const onnx::Graph& graph, const Visit& visit) {
  for (const onnx::Tensor& tensor : graph.initializer()) visit(tensor);
  for (const onnx::SparseTensor& tensor : graph.sparse_initializer()) ForEachTensor(tensor, visit);
  for (const onnx::Node& node : graph.node()) ForEachTensor(node, visit);
}

void ForEachTensor(const onnx::Model& model, const Visit& visit) {
  ForEachTensor(model.graph(), visit);
  for (const onnx::Function& function : model.functions()) {
    for (const onnx::Node& node : function.node()) ForEachTensor(node, visit);
    for (const onnx::Attribute& attribute : function.attribute_proto()) ForEachTensor(attribute, visit);
  }
}

}  // namespace

absl::Status CheckLocations(const onnx::Model& model) {
  absl::Status status;
  ForEachTensor(model, [&](const onnx::Tensor& tensor) {
    for (const onnx::StringStringEntry& entry : tensor.external_data()) {
      if (entry.key() != "location" || entry.value().find(kInMemory) == std::string::npos) continue;
      status.Update(absl::InvalidArgumentError(absl::StrCat(
          "tensor '", tensor.name(), "' has its data in '", entry.value(),
          "', the memory of a process; external data must be in a file of the model's folder: export it again")));
    }
  });
  return status;
}

}  // namespace lamina::prepare
