// An output that is a sequence of tensors, made by SequenceConstruct (skl2onnx's MultiOutputClassifier): the engine has
// no sequences. Its tensors become outputs of their own, <output>_0, <output>_1, ..., in the sequence's place.
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "prepare/element_types.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

/// The sequences of the main graph: by name, what they are made of. An Identity of one is one.
using Sequences = std::unordered_map<std::string, std::vector<std::string>>;

Sequences FindSequences(const onnx::Graph& graph) {
  Sequences sequences;
  for (const onnx::Node& node : graph.node()) {
    if (node.output_size() != 1) continue;
    if (IsOperator(node, "", "SequenceConstruct")) {
      sequences[node.output(0)].assign(node.input().begin(), node.input().end());
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
    const int first_identity = graph_.node_size();
    google::protobuf::RepeatedPtrField<onnx::ValueInfo> before;
    before.Swap(graph_.mutable_output());
    for (onnx::ValueInfo& output : before) {
      const auto found = sequences.find(output.name());
      if (found == sequences.end()) {
        *graph_.add_output() = std::move(output);
      } else {
        for (size_t i = 0; i < found->second.size(); ++i) Add(found->second[i], absl::StrCat(output.name(), "_", i));
      }
    }
    for (int i = graph_.node_size() - 1; i >= first_identity; --i) {
      const onnx::Node identity = graph_.node(i);
      if (Bypass(graph_, identity)) graph_.mutable_node()->DeleteSubrange(i, 1);
    }
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
  }

  Context& context_;
  onnx::Graph& graph_;
  std::unordered_map<std::string, int> types_;
};

/// Drops the nodes that made sequences which nobody reads any more.
void DropUnread(onnx::Graph& graph, const Sequences& sequences) {
  std::unordered_map<std::string, int> readers = CountReaders(graph);
  for (const onnx::ValueInfo& output : graph.output()) ++readers[output.name()];
  for (int i = graph.node_size() - 1; i >= 0; --i) {
    const onnx::Node& node = graph.node(i);
    if (node.output_size() != 1 || !sequences.contains(node.output(0)) || readers[node.output(0)] > 0) continue;
    for (const std::string& input : node.input()) --readers[input];
    graph.mutable_node()->DeleteSubrange(i, 1);
  }
}

}  // namespace

absl::Status RewriteSequenceOutputs(Context& context) {
  onnx::Graph& graph = *context.model.mutable_graph();
  const Sequences sequences = FindSequences(graph);
  bool any = false;
  for (const onnx::ValueInfo& output : graph.output()) any |= sequences.contains(output.name());
  if (!any) return absl::OkStatus();
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
