// The CPU plugin cuts 64-bit integers and doubles to 32 bits. Layers of ours keep them whole, and the bridge sees to it
// that they stay whole through the engine's operations that only reshape (docs/design/sixty-four-bits.md). The other
// operations that move elements about, and Cast, cut them: where 64-bit values come from an input of the model or from
// a layer and end in a layer, in a Cast or in an output of the model, such nodes go to layers of ours, as far as the
// libraries at hand have them. So does a Cast of floating point to such integers that ends in one of these. Outputs whose integers the engine's arithmetic has cut are told.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "prepare/element_types.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

// What the bridge lets whole elements through.
constexpr std::string_view kTransparent[] = {"Flatten", "Reshape", "Slice", "Squeeze", "Transpose", "Unsqueeze"};
// What moves elements in the engine's 32 bits.
constexpr std::string_view kMoving[] = {"Compress", "Concat", "Expand",          "Gather",    "GatherElements",
                                        "GatherND", "Pad",    "ScatterElements", "ScatterND", "Split",
                                        "Tile",     "Where",  "Identity"};
// What computes with integers, in the engine's 32 bits.
constexpr std::string_view kArithmetic[] = {"Add", "Clip",      "CumSum",    "Max",        "Min",       "Mul", "Neg",
                                            "Pow", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceSum", "Sub", "Sum"};
constexpr std::string_view kDeciding[] = {"Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Mod"};
constexpr char kWhy[] = "the engine would cut its 64-bit values to 32 bits";
constexpr char kCut[] = "its 64-bit values are cut to 32 bits by the engine; right while they fit";

template <size_t n>
bool IsOneOf(const onnx::Node& node, const std::string_view (&ops)[n]) {
  return NormalDomain(node.domain()).empty() &&
         std::find(std::begin(ops), std::end(ops), node.op_type()) != std::end(ops);
}

bool IsWideInteger(int type) {
  return type == onnx::Tensor::INT64 || type == onnx::Tensor::UINT64 || type == onnx::Tensor::UINT32;
}

bool IsWide(int type) { return IsWideInteger(type) || type == onnx::Tensor::DOUBLE; }

/// A node whose result 64 bits of its inputs decide: a comparison and Mod, and Div of integers; Cast from integers to
/// anything, from doubles to anything but less wide floating point.
bool NeedsWhole(const onnx::Node& node, int from) {
  if (IsOneOf(node, kDeciding)) return IsWide(from);
  if (IsOperator(node, "", "Div")) return IsWideInteger(from);
  if (!IsOperator(node, "", "Cast")) return false;
  const int64_t to = IntAttribute(node, "to", 0);
  const bool to_float = to == onnx::Tensor::FLOAT || to == onnx::Tensor::FLOAT16 || to == onnx::Tensor::BFLOAT16 ||
                        to == onnx::Tensor::DOUBLE;
  return IsWideInteger(from) || (from == onnx::Tensor::DOUBLE && (!to_float || to == from));
}

/// A Cast that makes 64 bits of floating point that has fewer. The engine's makes 32.
bool Widens(const onnx::Node& node, int from) {
  const bool narrow = from == onnx::Tensor::FLOAT || from == onnx::Tensor::FLOAT16 || from == onnx::Tensor::BFLOAT16;
  return narrow && IsOperator(node, "", "Cast") && IsWideInteger(static_cast<int>(IntAttribute(node, "to", 0)));
}

/// Takes the constants without elements from a Concat's inputs: the front-end loses their shape, so that our layer
/// could not tell them from single numbers. They add nothing to the result; one that does, as it has elements along the
/// axis and none along others, is left.
void DropEmptyInputs(const std::unordered_map<std::string_view, const onnx::Tensor*>& constants, onnx::Node& concat) {
  const int64_t axis = IntAttribute(concat, "axis", 1);
  const auto adds_nothing = [&](const std::string& input) {
    const auto found = constants.find(input);
    if (found == constants.end() || !found->second) return false;
    const auto& dims = found->second->dims();
    const int64_t at = dims.size() == 1 ? 0 : axis < 0 ? axis + dims.size() : axis;
    return at >= 0 && at < dims.size() && dims[static_cast<int>(at)] == 0;
  };
  auto& inputs = *concat.mutable_input();
  if (std::all_of(inputs.begin(), inputs.end(), adds_nothing)) return;
  inputs.erase(std::remove_if(inputs.begin(), inputs.end(), adds_nothing), inputs.end());
}

/// The values of the main graph that reach 64 bits wide where they are made, and that somebody needs so.
class WideValues {
 public:
  explicit WideValues(Context& context) : context_(context) {}

  void Run() {
    onnx::Graph& graph = *context_.model.mutable_graph();
    for (const onnx::ValueInfo& input : graph.input()) {
      if (IsWide(input.type().tensor_type().elem_type())) whole_.insert(input.name());
    }
    // A graph input that has an initializer is a constant.
    for (const onnx::Tensor& tensor : graph.initializer()) whole_.erase(tensor.name());
    VisitTyped(graph, [&](onnx::Graph& at, onnx::Node& node, const TypeScope& types) {
      if (&at == &graph) Forward(node, types);
    });
    KeepOutputs(graph);
    constants_ = FindConstants(graph);
    for (int i = graph.node_size() - 1; i >= 0; --i) Backward(*graph.mutable_node(i));
  }

 private:
  void Forward(const onnx::Node& node, const TypeScope& types) {
    const bool reads_whole = std::any_of(node.input().begin(), node.input().end(),
                                         [&](const std::string& input) { return whole_.contains(input); });
    if (reads_whole && node.output_size() > 0 && !node.output(0).empty() &&
        NeedsWhole(node, types.Of(InputName(node, 0))))
      deciding_.insert(node.output(0));
    const bool moves = IsOneOf(node, kTransparent) || IsOneOf(node, kMoving);
    const bool widened = Widens(node, types.Of(InputName(node, 0))) || (moves && ReadsWidened(node));
    const bool makes_whole = context_.TakenByLayer(node) || (reads_whole && moves);
    const onnx::Node* cut = CutBefore(node);
    if (!cut && reads_whole && IsOneOf(node, kArithmetic)) cut = &node;
    const std::string& moved = InputName(node, 0);
    const bool only_moves = IsOneOf(node, kTransparent) && (!makers_.contains(moved) || only_moved_.contains(moved));
    for (int i = 0; i < node.output_size(); ++i) {
      if (node.output(i).empty()) continue;  // the name of absent inputs, too
      if (only_moves) only_moved_.insert(node.output(i));
      makers_.emplace(node.output(i), &node);
      const int type = OutputType(node, i, types);
      if (makes_whole && IsWide(type)) whole_.insert(node.output(i));
      if (widened && IsWideInteger(type)) widened_.insert(node.output(i));
      if (!makes_whole && cut && IsWideInteger(type)) cut_.emplace(node.output(i), cut);
    }
  }

  bool ReadsWidened(const onnx::Node& node) const {
    return std::any_of(node.input().begin(), node.input().end(),
                       [&](const std::string& input) { return widened_.contains(input); });
  }

  /// The arithmetic that has cut what the node reads, or null.
  const onnx::Node* CutBefore(const onnx::Node& node) const {
    if (!IsOneOf(node, kTransparent) && !IsOneOf(node, kMoving) && !IsOneOf(node, kArithmetic)) return nullptr;
    for (const std::string& input : node.input()) {
      if (const auto at = cut_.find(input); at != cut_.end()) return at->second;
    }
    return nullptr;
  }

  /// The graph's outputs are needed whole. One that comes from an input through the engine's operations alone gets a
  /// layer of ours before it, towards which the bridge keeps it whole.
  void KeepOutputs(onnx::Graph& graph) {
    const std::unordered_set<std::string> inside = ValuesInside(graph);
    NewNames before;  // of the outputs that get a layer: the layer's input
    for (const onnx::ValueInfo& output : graph.output()) {
      const std::string& name = output.name();
      if (const auto at = cut_.find(name); at != cut_.end()) context_.Warn(*at->second, kCut);
      if (widened_.contains(name)) needed_.insert(name);
      if (!whole_.contains(name)) continue;
      needed_.insert(name);
      if (!only_moved_.contains(name) || before.contains(name)) continue;
      const onnx::Node& maker = *makers_.at(name);
      if (!context_.layers.Take(kRedirectDomain, "Identity") || inside.contains(name)) {
        context_.Warn(maker, kCut);
        continue;
      }
      context_.Changed(maker, "followed by a layer of ours: the engine would cut 64-bit values to 32 bits");
      before[name] = context_.names.Fresh(name + "_whole");
    }
    EndInLayers(graph, before);
  }

  void EndInLayers(onnx::Graph& graph, const NewNames& before) {
    if (before.empty()) return;
    context_.Import(kRedirectDomain, 1);
    RenameValues(graph, before);
    for (const onnx::ValueInfo& output : graph.output()) {
      const auto found = before.find(output.name());
      if (found == before.end() || !whole_.insert(found->second).second) continue;  // an output may be there twice
      onnx::Node& layer = *graph.add_node();
      layer = MakeNode("Identity", {found->second}, {output.name()});
      layer.set_name(found->second);
      layer.set_domain(std::string(kRedirectDomain));
    }
  }

  void Backward(onnx::Node& node) {
    const bool is_layer = context_.TakenByLayer(node);
    const bool decides = node.output_size() > 0 && deciding_.contains(node.output(0));
    const bool is_needed = std::any_of(node.output().begin(), node.output().end(), [&](const std::string& output) {
      return needed_.contains(output) && (whole_.contains(output) || widened_.contains(output));
    });
    const bool moves = is_needed && (IsOneOf(node, kMoving) || IsOperator(node, "", "Cast"));
    if (!is_layer && !decides && !moves && !(is_needed && IsOneOf(node, kTransparent))) return;
    if (decides || moves) Send(node);
    for (const std::string& input : node.input()) {
      if (whole_.contains(input) || widened_.contains(input)) needed_.insert(input);
    }
  }

  void Send(onnx::Node& node) {
    if (context_.layers.Take(kRedirectDomain, node.op_type())) {
      if (IsOperator(node, "", "Concat")) DropEmptyInputs(constants_, node);
      context_.Redirect(node, kWhy);
    } else {
      context_.Warn(node, kCut);
    }
  }

  Context& context_;
  std::unordered_set<std::string> whole_;
  std::unordered_set<std::string> widened_;  // made 64 bits wide by a Cast, and moved since
  std::unordered_set<std::string> needed_;
  std::unordered_map<std::string_view, const onnx::Tensor*> constants_;
  std::unordered_set<std::string> deciding_;                   // nodes that need their inputs whole, by output
  std::unordered_set<std::string> only_moved_;                 // an input's, through what lets whole elements through
  std::unordered_map<std::string, const onnx::Node*> makers_;  // of the main graph's values
  std::unordered_map<std::string, const onnx::Node*> cut_;     // integers that arithmetic has cut, which one
};

}  // namespace

absl::Status KeepSixtyFourBits(Context& context) {
  if (!context.layers.bindings().empty()) WideValues(context).Run();
  return absl::OkStatus();
}

}  // namespace lamina::prepare
