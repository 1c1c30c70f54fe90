// A reduction over the first or the last axis of three whose result is then added to, multiplied by or the like with a
// constant of one value a channel (an index of the second axis): the engine folds the second into the first and takes
// the channels for those of another axis, so that the result is wrong, or reads past the constant's end. An operation
// between the two keeps them apart: without keepdims a Squeeze, for which it is reduced with keepdims; with keepdims a
// CumSum along the reduced axis, whose length is 1. (Where the tensor has another rank this changes nothing, so that
// the rank need not be known.) What the engine folds in the end was found by running every rank, axis and shape of
// constant.
#include <algorithm>
#include <optional>
#include <span>
#include <unordered_map>

#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

constexpr std::string_view kReductions[] = {"ReduceL1",  "ReduceL2",   "ReduceLogSum", "ReduceMax",      "ReduceMean",
                                            "ReduceMin", "ReduceProd", "ReduceSum",    "ReduceSumSquare"};
constexpr std::string_view kBinary[] = {"Add", "Div", "Max", "Min", "Mul", "PRelu", "Pow", "Sub"};
constexpr std::string_view kUnary[] = {"Abs",        "Clip", "Exp",     "Log",  "Neg",
                                       "Reciprocal", "Relu", "Sigmoid", "Sqrt", "Tanh"};

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

/// 0, of none, if it is no number of elements.
int64_t Elements(const onnx::Tensor& tensor) {
  int64_t count = 1;
  for (const int64_t dim : tensor.dims()) {
    if (__builtin_mul_overflow(count, dim, &count)) return 0;
  }
  return count;
}

/// A reduction over one constant axis.
struct Reduction {
  int64_t axis = 0;
  bool keepdims = true;

  bool over_last() const { return axis == 2 || axis == -1; }
  /// Whether the channels are the last axis of the result; else one behind them is left, or a 1.
  bool channels_are_last() const { return over_last() && !keepdims; }
};

/// Whether the constant may have one value a channel of the reduction's result.
bool HasChannels(const onnx::Tensor& constant, const Reduction& reduction) {
  if (Elements(constant) <= 1) return false;
  return reduction.channels_are_last() || (constant.dims_size() > 1 && constant.dims(constant.dims_size() - 1) == 1);
}

/// Whether the value goes through operations on single elements into one with a constant that has channels. Ends, as
/// each reader comes after the one before it.
bool MeetsChannels(const onnx::Graph& graph, const std::string& reduced, const Reduction& reduction) {
  std::string value = reduced;
  while (const onnx::Node* reader = OnlyReader(graph, value)) {
    if (IsOneOf(*reader, kBinary) && reader->input_size() == 2) {
      const std::string& other = reader->input(reader->input(0) == value ? 1 : 0);
      const onnx::Tensor* constant = FindConstant(graph, other);
      if (!constant) return false;
      if (HasChannels(*constant, reduction)) return true;
    } else if (!IsOneOf(*reader, kUnary)) {
      return false;
    }
    value = reader->output(0);
    if (value.empty()) return false;  // the name of absent inputs, too
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

/// The reductions that the engine would get wrong, by their output.
std::unordered_map<std::string, Reduction> FindWrong(const onnx::Graph& graph) {
  std::unordered_map<std::string, Reduction> wrong;
  for (const onnx::Node& node : graph.node()) {
    if (!IsOneOf(node, kReductions) || node.output_size() != 1) continue;
    const std::optional<int64_t> axis = OnlyAxis(graph, node);
    if (!axis) continue;
    const Reduction reduction = {*axis, IntAttribute(node, "keepdims", 1) != 0};
    const bool is_outer = reduction.over_last() || *axis == 0 || *axis == -3;
    if (is_outer && MeetsChannels(graph, node.output(0), reduction)) wrong[node.output(0)] = reduction;
  }
  return wrong;
}

/// Adds the axis as a constant, a scalar for CumSum.
std::string AddAxis(Context& context, onnx::Graph& graph, const std::string& y, const Reduction& reduction) {
  const std::string name = context.names.Fresh(y + "/axis");
  AddInts(graph, name, {reduction.axis});
  if (reduction.keepdims) graph.mutable_initializer(graph.initializer_size() - 1)->clear_dims();
  return name;
}

onnx::Node Between(Context& context, onnx::Graph& graph, const std::string& kept, const std::string& y,
                   const Reduction& reduction) {
  onnx::Node node = MakeNode(reduction.keepdims ? "CumSum" : "Squeeze", {kept}, {y});
  if (reduction.keepdims || ImportedVersion(context.model, "") >= 13) {
    node.add_input(AddAxis(context, graph, y, reduction));
  } else {
    SetInts(node, "axes", {reduction.axis});
  }
  return node;
}

void Emit(Context& context, onnx::Graph& graph, onnx::Node& node, const Reduction& reduction, NodeList& out) {
  const std::string y = node.output(0), kept = context.names.Fresh(y + "/kept");
  node.set_output(0, kept);
  for (onnx::Attribute& attribute : *node.mutable_attribute()) {
    if (attribute.name() == "keepdims") attribute.set_i(1);
  }
  *out.Add() = std::move(node);
  *out.Add() = Between(context, graph, kept, y, reduction);
}

}  // namespace

absl::Status RewriteReduceThenChannels(Context& context) {
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    const std::unordered_map<std::string, Reduction> wrong = FindWrong(graph);
    if (wrong.empty()) return;
    Rebuild(graph, [&](onnx::Node& node, NodeList& out) {
      const auto found = node.output_size() == 1 ? wrong.find(node.output(0)) : wrong.end();
      if (found == wrong.end()) {
        *out.Add() = std::move(node);
        return;
      }
      context.Changed(node, "kept apart from the constant that follows, which the engine misreads");
      Emit(context, graph, node, found->second, out);
    });
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
