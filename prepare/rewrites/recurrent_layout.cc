// RNN, GRU and LSTM with layout 1 have the batch first: X [batch, seq, in], Y [batch, seq, directions, hidden], initial
// and last states [batch, directions, hidden]. The engine reads the attribute as if it were not there. Written as
// layout 0 with Transposes around it.
#include <array>

#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

bool IsBatchFirst(const onnx::Node& node) {
  return (IsOperator(node, "", "RNN") || IsOperator(node, "", "GRU") || IsOperator(node, "", "LSTM")) &&
         IntAttribute(node, "layout", 0) == 1;
}

void AddTranspose(const std::string& from, const std::string& to, std::initializer_list<int64_t> order, NodeList& out) {
  onnx::Node transpose = MakeNode("Transpose", {from}, {to});
  SetInts(transpose, "perm", order);
  *out.Add() = std::move(transpose);
}

void Emit(Context& context, onnx::Node& node, NodeList& out) {
  NodeList after;
  for (const int input : {0, 5, 6}) {  // X, initial_h, initial_c
    if (InputName(node, input).empty()) continue;
    const std::string turned = context.names.Fresh(node.input(input) + "/time_first");
    AddTranspose(node.input(input), turned, {1, 0, 2}, out);
    node.set_input(input, turned);
  }
  for (int output = 0; output < node.output_size(); ++output) {
    if (node.output(output).empty()) continue;
    const std::string turned = context.names.Fresh(node.output(output) + "/time_first");
    if (output == 0) {
      AddTranspose(turned, node.output(0), {2, 0, 1, 3}, after);  // [seq, directions, batch, hidden]
    } else {
      AddTranspose(turned, node.output(output), {1, 0, 2}, after);
    }
    node.set_output(output, turned);
  }
  for (onnx::Attribute& attribute : *node.mutable_attribute()) {
    if (attribute.name() == "layout") attribute.set_i(0);
  }
  *out.Add() = std::move(node);
  for (onnx::Node& transpose : after) *out.Add() = std::move(transpose);
}

}  // namespace

absl::Status RewriteRecurrentLayout(Context& context) {
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    Rebuild(graph, [&](onnx::Node& node, NodeList& out) {
      if (!IsBatchFirst(node)) {
        *out.Add() = std::move(node);
        return;
      }
      context.Changed(node, "layout 1 written as layout 0 with Transposes: the engine ignores the attribute");
      Emit(context, node, out);
    });
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
