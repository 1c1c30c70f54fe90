// An output that is a sequence of tensors, made by SequenceConstruct (skl2onnx's MultiOutputClassifier): the engine has
// no sequences. Its tensors become outputs of their own, <output>_0, <output>_1, ..., in the sequence's place.
#include <unordered_map>
#include <unordered_set>

#include "absl/strings/str_cat.h"
#include "prepare/drop_identities.h"
#include "prepare/element_types.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

// Each output that is the same sequence has all of its tensors: a bound, far above any real model.
constexpr int64_t kMaxTensors = 100'000;

/// The sequences of the main graph: by name, the node that made them. An Identity of one is one.
using Sequences = std::unordered_map<std::string, const onnx::Node*>;

Sequences FindSequences(const onnx::Graph& graph) {
  Sequences sequences;
  for (const onnx::Node& node : graph.node()) {
    if (node.output_size() != 1) continue;
    if (IsOperator(node, "", "SequenceConstruct")) {
      sequences[node.output(0)] = &node;
    } else if (IsOperator(node, "", "Identity") && sequences.contains(InputName(node, 0))) {
      sequences[node.output(0)] = sequences[node.input(0)];
    }
  }
  return sequences;
}

class Outputs {
 public:
  Outputs(Context& context, onnx::Graph& graph) : context_(context), graph_(graph) {
    VisitTyped(graph, [&](onnx::Graph& at, onnx::Node& node, const TypeScope& types) {
      if (&at != &graph_ || !IsOperator(node, "", "SequenceConstruct")) return;
      for (const std::string& input : node.input()) types_[input] = types.Of(input);
    });
  }

  /// Replaces the outputs that are sequences by their tensors.
  void Replace(const Sequences& sequences) {
    google::protobuf::RepeatedPtrField<onnx::ValueInfo> before;
    before.Swap(graph_.mutable_output());
    for (onnx::ValueInfo& output : before) {
      const auto found = sequences.find(output.name());
      if (found == sequences.end()) {
        *graph_.add_output() = std::move(output);
      } else {
        const onnx::Node& made = *found->second;
        for (int i = 0; i < made.input_size(); ++i) Add(made.input(i), absl::StrCat(output.name(), "_", i));
      }
    }
    DropIdentities(graph_, [&](const onnx::Node& identity) { return added_.contains(identity.output(0)); });
  }

 private:
  void Add(const std::string& tensor, const std::string& wanted_name) {
    const std::string name = context_.names.Fresh(wanted_name);
    onnx::ValueInfo& output = *graph_.add_output();
    output.set_name(name);
    const int type = types_[tensor];
    output.mutable_type()->mutable_tensor_type()->set_elem_type(type != onnx::Tensor::UNDEFINED ? type
                                                                                                : onnx::Tensor::FLOAT);
    *graph_.add_node() = MakeNode("Identity", {tensor}, {name});
    added_.insert(name);
  }

  Context& context_;
  onnx::Graph& graph_;
  std::unordered_map<std::string, int> types_;
  std::unordered_set<std::string> added_;
};

/// Drops the nodes that made sequences which nobody reads any more.
void DropUnread(onnx::Graph& graph, const Sequences& sequences) {
  std::unordered_map<std::string, int> readers = CountReaders(graph);
  for (const onnx::ValueInfo& output : graph.output()) ++readers[output.name()];
  std::unordered_set<std::string> unread;
  for (int i = graph.node_size() - 1; i >= 0; --i) {
    const onnx::Node& node = graph.node(i);
    if (node.output_size() != 1 || !sequences.contains(node.output(0)) || readers[node.output(0)] > 0) continue;
    for (const std::string& input : node.input()) --readers[input];
    unread.insert(node.output(0));
  }
  EraseNodes(graph, [&](const onnx::Node& node) { return unread.contains(node.output(0)); });
}

}  // namespace

absl::Status RewriteSequenceOutputs(Context& context) {
  onnx::Graph& graph = *context.model.mutable_graph();
  const Sequences sequences = FindSequences(graph);
  bool any = false;
  int64_t tensors = 0;
  for (const onnx::ValueInfo& output : graph.output()) {
    const auto found = sequences.find(output.name());
    if (found == sequences.end()) continue;
    any = true;
    tensors += found->second->input_size();
  }
  if (!any) return absl::OkStatus();
  if (tensors > kMaxTensors) {
    return absl::InvalidArgumentError(absl::StrCat("the model's outputs that are sequences have ", tensors,
                                                   " tensors, each of which becomes an output; at most ", kMaxTensors,
                                                   " can: give fewer sequences"));
  }
  for (const onnx::Node& node : graph.node()) {
    if (IsOperator(node, "", "SequenceConstruct")) {
      context.Changed(node, "its tensors are outputs of their own, <output>_0, <output>_1, ...");
    }
  }
  Outputs(context, graph).Replace(sequences);
  DropUnread(graph, FindSequences(graph));
  return absl::OkStatus();
}

}  // namespace lamina::prepare
