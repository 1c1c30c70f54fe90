// The engine keeps an Identity as an operation that copies. After one of our layers that costs time, cuts 64-bit values
// to 32 bits, and strings that pass through one may be freed twice when the model goes. Such an Identity is dropped,
// its readers connected to what it read.
#include <unordered_set>

#include "prepare/drop_identities.h"
#include "prepare/element_types.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

/// The Identities that are better not there, by their output.
using Unwanted = std::unordered_set<std::string>;

Unwanted FindUnwanted(Context& context) {
  Unwanted unwanted, from_layers;
  VisitTyped(*context.model.mutable_graph(), [&](onnx::Graph&, onnx::Node& node, const TypeScope& types) {
    if (context.TakenByLayer(node)) from_layers.insert(node.output().begin(), node.output().end());
    if (!IsOperator(node, "", "Identity") || node.input_size() != 1 || node.output_size() != 1) return;
    if (node.input(0).empty() || node.output(0).empty())
      return;  // no value is of that name: it stands for an absent one
    const bool from_layer = from_layers.contains(node.input(0));
    if (from_layer) from_layers.insert(node.output(0));
    if (from_layer || types.Of(node.input(0)) == onnx::Tensor::STRING) unwanted.insert(node.output(0));
  });
  return unwanted;
}

}  // namespace

absl::Status RemoveIdentities(Context& context) {
  const Unwanted unwanted = FindUnwanted(context);
  if (unwanted.empty()) return absl::OkStatus();
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    const auto is_unwanted = [&](const onnx::Node& identity) { return unwanted.contains(identity.output(0)); };
    for (const onnx::Node& identity : DropIdentities(graph, is_unwanted)) {
      context.Changed(identity, "dropped: the engine would copy, cut 64-bit values and free strings twice");
    }
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
