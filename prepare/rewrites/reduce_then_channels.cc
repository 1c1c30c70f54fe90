// A reduction over the last axis of three, without keepdims, whose result is then added to, multiplied by or the like with
// a constant of one value a channel: the engine folds the second into the first and reads past the constant's end, so
// that the result is wrong from the second row on. Reduced with keepdims and squeezed, the two are kept apart. (Where the
// tensor has another rank this changes nothing, so that the rank need not be known.)
#include <algorithm>
#include <optional>
#include <span>
#include <unordered_map>

#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

constexpr std::string_view kReductions[] = {"ReduceL1",   "ReduceL2",  "ReduceLogSum", "ReduceMax",      "ReduceMean",
                                            "ReduceMin", "ReduceProd", "ReduceSum",    "ReduceSumSquare"};
constexpr std::string_view kBinary[] = {"Add", "Div", "Max", "Min", "Mul", "PRelu", "Pow", "Sub"};
constexpr std::string_view kUnary[] = {"Abs", "Clip", "Exp", "Log", "Neg", "Reciprocal", "Relu", "Sigmoid", "Sqrt", "Tanh"};

bool IsOneOf(const onnx::Node& node, std::span<const std::string_view> operators) {
  return NormalDomain(node.domain()).empty() && std::ranges::find(operators, node.op_type()) != operators.end();
}

/// Null if the value is no constant of the graph.
const onnx::Tensor* FindConstant(const onnx::Graph& graph, const std::string& name) {
  for (const onnx::Tensor& tensor : graph.initializer()) {
    if (tensor.name() == name) return &tensor;
  }
  for (const onnx::Node& node : graph.node()) {
    if (!IsOperator(node, "", "Constant") || node.output_size() != 1 || node.output(0) != name) continue;
    const onnx::Attribute* value = FindAttribute(node, "value");
    return value ? &value->t() : nullptr;
  }
  return nullptr;
}

/// The only node that reads the value; null if there are more, or none, or the value is an output of the graph.
const onnx::Node* OnlyReader(const onnx::Graph& graph, const std::string& name) {
  for (const onnx::ValueInfo& output : graph.output()) {
    if (output.name() == name) return nullptr;
  }
  const onnx::Node* reader = nullptr;
  for (const onnx::Node& node : graph.node()) {
    if (std::find(node.input().begin(), node.input().end(), name) == node.input().end()) continue;
    if (reader) return nullptr;
    reader = &node;
  }
  return reader;
}

int64_t Elements(const onnx::Tensor& tensor) {
  int64_t count = 1;
  for (const int64_t dim : tensor.dims()) count *= dim;
  return count;
}

/// Whether the value goes through operations on single elements into one with a constant of several elements.
bool MeetsChannels(const onnx::Graph& graph, const std::string& reduced) {
  std::string value = reduced;
  while (const onnx::Node* reader = OnlyReader(graph, value)) {
    if (IsOneOf(*reader, kBinary) && reader->input_size() == 2) {
      const std::string& other = reader->input(reader->input(0) == value ? 1 : 0);
      const onnx::Tensor* constant = FindConstant(graph, other);
      if (!constant) return false;
      if (Elements(*constant) > 1) return true;
    } else if (!IsOneOf(*reader, kUnary)) {
      return false;
    }
    value = reader->output(0);
  }
  return false;
}

/// The one axis of a reduction, if it is a constant: an attribute at first, an input later.
std::optional<int64_t> OnlyAxis(const onnx::Graph& graph, const onnx::Node& node) {
  if (const onnx::Attribute* axes = FindAttribute(node, "axes")) {
    return axes->ints_size() == 1 ? std::optional(axes->ints(0)) : std::nullopt;
  }
  const onnx::Tensor* axes = FindConstant(graph, InputName(node, 1));
  if (!axes || Elements(*axes) != 1) return std::nullopt;
  if (axes->int64_data_size() == 1) return axes->int64_data(0);
  int64_t axis = 0;
  if (axes->raw_data().size() != sizeof axis) return std::nullopt;
  axes->raw_data().copy(reinterpret_cast<char*>(&axis), sizeof axis);
  return axis;
}

/// The reductions that the engine would get wrong, by their output, and the axis of each.
std::unordered_map<std::string, int64_t> FindWrong(const onnx::Graph& graph) {
  std::unordered_map<std::string, int64_t> wrong;
  for (const onnx::Node& node : graph.node()) {
    if (!IsOneOf(node, kReductions) || node.output_size() != 1 || IntAttribute(node, "keepdims", 1) != 0) continue;
    const std::optional<int64_t> axis = OnlyAxis(graph, node);
    if (axis && (*axis == 2 || *axis == -1) && MeetsChannels(graph, node.output(0))) wrong[node.output(0)] = *axis;
  }
  return wrong;
}

void Emit(Context& context, onnx::Graph& graph, onnx::Node& node, int64_t axis, NodeList& out) {
  const std::string y = node.output(0), kept = context.names.Fresh(y + "/kept");
  onnx::Node squeeze = MakeNode("Squeeze", {kept}, {y});
  if (ImportedVersion(context.model, "") >= 13) {
    const std::string axes = context.names.Fresh(y + "/axes");
    AddInts(graph, axes, {axis});
    squeeze.add_input(axes);
  } else {
    SetInts(squeeze, "axes", {axis});
  }
  node.set_output(0, kept);
  for (onnx::Attribute& attribute : *node.mutable_attribute()) {
    if (attribute.name() == "keepdims") attribute.set_i(1);
  }
  *out.Add() = std::move(node);
  *out.Add() = std::move(squeeze);
}

}  // namespace

absl::Status RewriteReduceThenChannels(Context& context) {
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    const std::unordered_map<std::string, int64_t> wrong = FindWrong(graph);
    if (wrong.empty()) return;
    Rebuild(graph, [&](onnx::Node& node, NodeList& out) {
      const auto found = node.output_size() == 1 ? wrong.find(node.output(0)) : wrong.end();
      if (found == wrong.end()) {
        *out.Add() = std::move(node);
        return;
      }
      context.Changed(node, "keepdims and Squeeze: the engine misreads the constant that follows");
      Emit(context, graph, node, found->second, out);
    });
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
