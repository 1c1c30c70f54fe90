// Model-local functions are put in the place of their calls: the engine's front-end does not know them ("no conversion
// rule"). A call that a layer takes by its name stays a call.
#include <string>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

// Functions may not be recursive; this deep nobody nests them by hand or by exporter.
constexpr int kMaxDepth = 64;
// Functions that call one another twice double the graph at each level: a bound, far above any real model.
constexpr int64_t kMaxNodes = 1'000'000;
constexpr double kMaxBytes = 0x1p31;  // no ONNX file is larger

/// What the values of a function, or of a graph inside it, are called outside; what a graph has not may be of one
/// around.
struct Renames {
  const Renames* around = nullptr;
  std::unordered_map<std::string, std::string> own;

  const std::string* Find(const std::string& name) const {
    const auto found = own.find(name);
    if (found != own.end()) return &found->second;
    return around == nullptr ? nullptr : around->Find(name);
  }
};

std::string FunctionKey(std::string_view domain, std::string_view name, std::string_view overload) {
  return absl::StrCat(OperatorName(domain, name), "|", std::string(overload));
}

using Attributes = std::unordered_map<std::string_view, const onnx::Attribute*>;  // by name

/// What a call gives the attributes of its function, or else what the function says.
Attributes AttributesOf(const onnx::Node& call, const onnx::Function& function) {
  Attributes attributes;
  for (const onnx::Attribute& attribute : call.attribute()) attributes.emplace(attribute.name(), &attribute);
  for (const onnx::Attribute& preset : function.attribute_proto()) attributes.emplace(preset.name(), &preset);
  return attributes;
}

class Inliner {
 public:
  explicit Inliner(Context& context) : context_(context) {
    for (const onnx::Function& function : context.model.functions()) {
      functions_[FunctionKey(function.domain(), function.name(), function.overload())] = &function;
    }
  }

  absl::Status Run() {
    if (Grow(SizeOfCalls(context_.model.graph().node(), 1))) ExpandGraph(*context_.model.mutable_graph(), 0);
    if (status_.ok()) context_.model.clear_functions();
    return status_;
  }

 private:
  const onnx::Function* Find(const onnx::Node& node) const {
    const auto found = functions_.find(FunctionKey(node.domain(), node.op_type(), node.overload()));
    if (found == functions_.end() || context_.TakenByLayer(node)) return nullptr;
    return found->second;
  }

  /// How many bytes take the place of the calls among the nodes, `depth` deep. Of a function that calls itself, which
  /// is refused later, the inner call counts for nothing.
  double SizeOfCalls(const NodeList& nodes, int depth) {
    double size = 0;
    for (const onnx::Node& node : nodes) {
      if (const onnx::Function* function = Find(node)) size += SizeOf(node, *function, depth);
      for (const onnx::Attribute& attribute : node.attribute()) {
        size += SizeOfCalls(attribute.g().node(), depth);
        for (const onnx::Graph& graph : attribute.graphs()) size += SizeOfCalls(graph.node(), depth);
      }
    }
    return size;
  }
  double SizeOf(const onnx::Node& call, const onnx::Function& function, int depth) {
    if (depth > kMaxDepth) return FailDepth(call), 0;
    const auto [entry, is_new] = sizes_.emplace(&function, 0);
    if (is_new) {
      const double size = static_cast<double>(function.ByteSizeLong()) + SizeOfCalls(function.node(), depth + 1);
      sizes_[&function] = size;
      return size;
    }
    return entry->second;
  }

  void Fail(const std::string& message) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(message);
  }

  /// Counts bytes that come into the model; false once they are too many.
  bool Grow(double bytes) {
    bytes_ += bytes;
    if (bytes_ > kMaxBytes)
      Fail("the model's functions, put in the place of their calls, would have more than 2 GiB; call fewer of them");
    return status_.ok();
  }

  void FailDepth(const onnx::Node& call) {
    Fail(absl::StrCat(Describe(call), ": functions call one another more than ", kMaxDepth,
                      " deep; a function may not call itself"));
  }

  void ExpandGraph(onnx::Graph& graph, int depth) {
    Rebuild(graph, [&](onnx::Node& node, NodeList& out) { Expand(node, out, depth); });
  }

  /// Adds to `out` the node, or what its function says.
  void Expand(onnx::Node& node, NodeList& out, int depth) {
    if (!status_.ok()) return;
    if (++nodes_ > kMaxNodes)
      return Fail(absl::StrCat("the model's functions expand to more than ", kMaxNodes, " nodes"));
    if (const onnx::Function* function = Find(node)) return Call(node, *function, out, depth + 1);
    for (onnx::Attribute& attribute : *node.mutable_attribute()) {
      if (attribute.has_g()) ExpandGraph(*attribute.mutable_g(), depth);
      for (onnx::Graph& inner : *attribute.mutable_graphs()) ExpandGraph(inner, depth);
    }
    *out.Add() = std::move(node);
  }

  void Call(const onnx::Node& call, const onnx::Function& function, NodeList& out, int depth) {
    if (depth > kMaxDepth) return FailDepth(call);
    if (call.output_size() > function.output_size())
      return Fail(
          absl::StrCat(Describe(call), " has ", call.output_size(), " outputs, its function ", function.output_size()));
    context_.Changed(call, "a function of the model, put in the call's place");
    for (const onnx::OperatorSetId& import : function.opset_import()) {
      context_.Import(NormalDomain(import.domain()), import.version());
    }
    const std::string prefix = absl::StrCat(call.name().empty() ? function.name() : call.name(), "/");
    Renames renames;
    NodeList copies;
    BindValues(call, function, renames, copies);
    const Attributes attributes = AttributesOf(call, function);
    for (const onnx::Node& inner : function.node()) {
      onnx::Node node = inner;
      BindAttributes(attributes, node);
      node.set_name(context_.names.Fresh(absl::StrCat(prefix, node.name().empty() ? node.op_type() : node.name())));
      RenameNode(call, node, prefix, renames);
      Expand(node, out, depth);
    }
    for (onnx::Node& copy : copies) {
      for (std::string& input : *copy.mutable_input()) {
        if (const std::string* name = renames.Find(input)) input = *name;
      }
      *out.Add() = std::move(copy);
    }
  }

  /// Fills in what the function's inputs and outputs are called outside. An output that is also an input, or another
  /// output, is no node's own: it becomes an Identity in `copies`, its input still named as in the function.
  static void BindValues(const onnx::Node& call, const onnx::Function& function, Renames& renames, NodeList& copies) {
    for (int i = 0; i < function.input_size(); ++i) renames.own[function.input(i)] = InputName(call, i);
    for (int i = 0; i < function.output_size() && i < call.output_size(); ++i) {
      if (call.output(i).empty()) continue;
      if (renames.own.emplace(function.output(i), call.output(i)).second) continue;
      *copies.Add() = MakeNode("Identity", {function.output(i)}, {call.output(i)});
    }
  }

  /// Gives the attributes of `node` that refer to the call's attributes their values; one without a value goes.
  void BindAttributes(const Attributes& values, onnx::Node& node) {
    google::protobuf::RepeatedPtrField<onnx::Attribute> before;
    before.Swap(node.mutable_attribute());
    for (onnx::Attribute& attribute : before) {
      if (attribute.ref_attr_name().empty()) {
        *node.add_attribute() = std::move(attribute);
        continue;
      }
      const auto value = values.find(attribute.ref_attr_name());
      if (value == values.end() || !Grow(static_cast<double>(value->second->ByteSizeLong()))) continue;
      onnx::Attribute& bound = *node.add_attribute();
      bound = *value->second;
      bound.set_name(attribute.name());
      bound.clear_ref_attr_name();
    }
    // Only the graphs of the node itself: their nodes see to those inside them.
    const auto bind = [&](onnx::Graph& graph) {
      for (onnx::Node& inner : *graph.mutable_node()) BindAttributes(values, inner);
    };
    for (onnx::Attribute& attribute : *node.mutable_attribute()) {
      if (attribute.has_g()) bind(*attribute.mutable_g());
      for (onnx::Graph& inner : *attribute.mutable_graphs()) bind(inner);
    }
  }

  void RenameNode(const onnx::Node& call, onnx::Node& node, const std::string& prefix, Renames& renames) {
    for (std::string& input : *node.mutable_input()) {
      if (input.empty()) continue;
      const std::string* name = renames.Find(input);
      if (name == nullptr) {
        return Fail(absl::StrCat(Describe(call), ": its function reads '", input, "', which nothing there makes"));
      }
      input = *name;
    }
    for (onnx::Attribute& attribute : *node.mutable_attribute()) {
      if (attribute.has_g()) RenameGraph(call, *attribute.mutable_g(), prefix, renames);
      for (onnx::Graph& graph : *attribute.mutable_graphs()) RenameGraph(call, graph, prefix, renames);
    }
    for (std::string& output : *node.mutable_output()) Define(output, prefix, renames);
  }

  void RenameGraph(const onnx::Node& call, onnx::Graph& graph, const std::string& prefix, const Renames& around) {
    Renames renames{&around, {}};
    for (onnx::ValueInfo& input : *graph.mutable_input()) Define(*input.mutable_name(), prefix, renames);
    for (onnx::Tensor& tensor : *graph.mutable_initializer()) Define(*tensor.mutable_name(), prefix, renames);
    for (onnx::SparseTensor& tensor : *graph.mutable_sparse_initializer()) {
      Define(*tensor.mutable_values()->mutable_name(), prefix, renames);
    }
    for (onnx::Node& node : *graph.mutable_node()) RenameNode(call, node, prefix, renames);
    for (onnx::ValueInfo& output : *graph.mutable_output()) {
      if (const std::string* name = renames.Find(output.name())) output.set_name(*name);
    }
    graph.clear_value_info();
  }

  /// Gives a value of the innermost graph its name outside, a new one if it has none.
  void Define(std::string& name, const std::string& prefix, Renames& renames) {
    if (name.empty()) return;
    const auto [entry, added] = renames.own.emplace(name, "");
    if (added && Grow(static_cast<double>(prefix.size()))) entry->second = context_.names.Fresh(prefix + name);
    name = entry->second;
  }

  Context& context_;
  std::unordered_map<std::string, const onnx::Function*> functions_;
  absl::Status status_;
  std::unordered_map<const onnx::Function*, double> sizes_;
  int64_t nodes_ = 0;
  double bytes_ = 0;
};

}  // namespace

absl::Status InlineFunctions(Context& context) {
  if (context.model.functions_size() == 0) return absl::OkStatus();
  return Inliner(context).Run();
}

}  // namespace lamina::prepare
