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
#include <unordered_set>

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

using Constants = std::unordered_map<std::string_view, const onnx::Tensor*>;

/// The one axis of a reduction, if it is a constant: an attribute at first, an input later.
std::optional<int64_t> OnlyAxis(const Constants& constants, const onnx::Node& node) {
  if (const onnx::Attribute* axes = FindAttribute(node, "axes")) {
    return axes->ints_size() == 1 ? std::optional(axes->ints(0)) : std::nullopt;
  }
  const auto found = constants.find(InputName(node, 1));
  const onnx::Tensor* axes = found == constants.end() ? nullptr : found->second;
  if (!axes || axes->dims_size() > 1 || Elements(*axes) != 1) return std::nullopt;
  if (axes->int64_data_size() == 1) return axes->int64_data(0);
  int64_t axis = 0;
  if (axes->raw_data().size() != sizeof axis) return std::nullopt;
  axes->raw_data().copy(reinterpret_cast<char*>(&axis), sizeof axis);
  return axis;
}

/// The only node that reads each value; null if there are more, or the value is an output of the graph.
std::unordered_map<std::string_view, const onnx::Node*> OnlyReaders(const onnx::Graph& graph) {
  std::unordered_map<std::string_view, const onnx::Node*> readers;
  for (const onnx::ValueInfo& output : graph.output()) readers[output.name()] = nullptr;
  for (const onnx::Node& node : graph.node()) {
    for (const std::string& input : node.input()) {
      const auto [reader, is_first] = readers.emplace(input, &node);
      if (!is_first && reader->second != &node) reader->second = nullptr;
    }
  }
  return readers;
}

/// The values of a graph that go through operations on single elements into one with a constant that may have one value
/// a channel of a reduction's result. REQUIRES: the nodes are sorted.
class MeetsChannels {
 public:
  /// See Reduction::channels_are_last.
  MeetsChannels(const onnx::Graph& graph, const Constants& constants, bool channels_are_last) {
    for (const auto& [name, tensor] : constants) {
      if (!tensor) continue;
      const bool has_channels = channels_are_last || (tensor->dims_size() > 1 && *tensor->dims().rbegin() == 1);
      constants_[name] = has_channels && Elements(*tensor) > 1;
    }
    const auto only_readers = OnlyReaders(graph);
    for (int i = graph.node_size() - 1; i >= 0; --i) {
      const onnx::Node& node = graph.node(i);
      for (const std::string& input : node.input()) {
        if (!input.empty() && only_readers.at(input) == &node && Leads(node, input)) values_.insert(input);
      }
    }
  }

  bool operator()(const std::string& value) const { return values_.contains(value); }

 private:
  /// Whether what the node makes of the value meets them, or the node itself is where; all nodes after it are known.
  bool Leads(const onnx::Node& node, const std::string& value) const {
    if (IsOneOf(node, kBinary) && node.input_size() == 2) {
      const auto constant = constants_.find(node.input(node.input(0) == value ? 1 : 0));
      if (constant == constants_.end()) return false;
      if (constant->second) return true;
    } else if (!IsOneOf(node, kUnary)) {
      return false;
    }
    return values_.contains(node.output(0));
  }

  std::unordered_map<std::string_view, bool> constants_;  // whether each has channels
  std::unordered_set<std::string_view> values_;
};

/// The reductions that the engine would get wrong, by their output.
std::unordered_map<std::string, Reduction> FindWrong(const onnx::Graph& graph) {
  std::unordered_map<std::string, Reduction> reductions;
  const Constants constants = FindConstants(graph);
  for (const onnx::Node& node : graph.node()) {
    if (!IsOneOf(node, kReductions) || node.output_size() != 1) continue;
    const std::optional<int64_t> axis = OnlyAxis(constants, node);
    if (!axis) continue;
    const Reduction reduction = {*axis, IntAttribute(node, "keepdims", 1) != 0};
    if (reduction.over_last() || *axis == 0 || *axis == -3) reductions[node.output(0)] = reduction;
  }
  if (reductions.empty()) return reductions;
  const MeetsChannels first(graph, constants, false), last(graph, constants, true);
  std::erase_if(reductions, [&](const auto& entry) {
    const auto& [output, reduction] = entry;
    return !(reduction.channels_are_last() ? last : first)(output);
  });
  return reductions;
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
  if (reduction.keepdims || context.ImportedVersion("") >= 13) {
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
