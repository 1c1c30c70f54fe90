// ai.onnx.ml.Normalizer with norm MAX: y = x / max(x) along the last axis, x itself where the maximum is 0. The engine
// takes the maximum of |x|, which is wrong as soon as a row's largest magnitude is negative. Written as
// ReduceMax, Where and Div.
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

void Emit(Context& context, onnx::Graph& graph, const onnx::Node& node, NodeList& out) {
  const std::string& y = node.output(0);
  const auto name = [&](const char* suffix) { return context.names.Fresh(y + suffix); };
  const std::string x = name("/x"), zero = name("/zero"), one = name("/one"), max = name("/max");
  const std::string is_zero = name("/is_zero"), divisor = name("/divisor");
  AddFloat(graph, zero, 0);
  AddFloat(graph, one, 1);

  onnx::Node cast = MakeNode("Cast", {node.input(0)}, {x});
  SetInt(cast, "to", onnx::Tensor::FLOAT);
  *out.Add() = std::move(cast);
  onnx::Node reduce = MakeNode("ReduceMax", {x}, {max});
  SetInt(reduce, "keepdims", 1);
  if (context.ImportedVersion("") >= 18) {
    const std::string axes = name("/axes");
    AddInts(graph, axes, {-1});
    reduce.add_input(axes);
  } else {
    SetInts(reduce, "axes", {-1});
  }
  *out.Add() = std::move(reduce);
  *out.Add() = MakeNode("Equal", {max, zero}, {is_zero});
  *out.Add() = MakeNode("Where", {is_zero, one, max}, {divisor});
  *out.Add() = MakeNode("Div", {x, divisor}, {y});
}

}  // namespace

absl::Status RewriteNormalizerMax(Context& context) {
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    Rebuild(graph, [&](onnx::Node& node, NodeList& out) {
      const bool wrong = IsOperator(node, "ai.onnx.ml", "Normalizer") && node.input_size() == 1 &&
                         node.output_size() == 1 && StringAttribute(node, "norm", "MAX") == "MAX" &&
                         !context.TakenByLayer(node);
      if (!wrong) {
        *out.Add() = std::move(node);
        return;
      }
      context.Changed(node, "norm MAX written as ReduceMax and Div: the engine divides by the largest magnitude");
      context.Import("", 13);
      Emit(context, graph, node, out);
    });
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
