// skl2onnx writes KNNImputer with a function, knn_imputer_column_all_nan, that gathers columns by the indices of
// NonZero, [1, n], where its caller uses them flat, [n]. What an If gives then has three dimensions in one branch and
// two in the other: the engine can't take that, and onnxruntime fails in that branch, at the next ScatterND. Flattened
// there, too, the model is what scikit-learn computes.
#include <algorithm>

#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

constexpr char kIndices[] = "potential_donors_idx";

onnx::Node* FindGather(onnx::Function& function) {
  const bool named = function.domain() == "local_domain" && function.name() == "knn_imputer_column_all_nan";
  if (!named || std::count(function.input().begin(), function.input().end(), kIndices) != 1) return nullptr;
  const auto gather =
      std::find_if(function.mutable_node()->begin(), function.mutable_node()->end(), [](const auto& node) {
        return IsOperator(node, "", "Gather") && InputName(node, 1) == kIndices && IntAttribute(node, "axis", 0) == 1;
      });
  return gather == function.mutable_node()->end() ? nullptr : &*gather;
}

}  // namespace

absl::Status RewriteKnnImputer(Context& context) {
  for (onnx::Function& function : *context.model.mutable_functions()) {
    onnx::Node* gather = FindGather(function);
    if (gather == nullptr) continue;
    context.Changed(*gather, "KNNImputer's indices flattened: the engine can't take an If of two ranks");
    gather->set_input(1, "lamina_flat_indices");
    NodeList nodes;
    onnx::Node shape = MakeNode("Constant", {}, {"lamina_flat"});
    onnx::Attribute& value = *shape.add_attribute();
    value.set_name("value_ints");
    value.set_type(onnx::Attribute::INTS);
    value.add_ints(-1);
    *nodes.Add() = std::move(shape);
    *nodes.Add() = MakeNode("Reshape", {kIndices, "lamina_flat"}, {"lamina_flat_indices"});
    for (onnx::Node& node : *function.mutable_node()) *nodes.Add() = std::move(node);
    nodes.Swap(function.mutable_node());
  }
  return absl::OkStatus();
}

}  // namespace lamina::prepare
