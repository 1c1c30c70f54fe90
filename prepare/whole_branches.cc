#include "prepare/whole_branches.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace lamina::prepare {
namespace {

using Makers = std::unordered_map<std::string, const onnx::Node*>;

/// The node that made the branch's output, before what only moves elements; null for a constant and for a value from
/// outside, whose width hangs on who else reads it.
const onnx::Node* Origin(const Makers& makers, std::string value) {
  for (auto found = makers.find(value); found != makers.end(); found = makers.find(value)) {
    const onnx::Node& node = *found->second;
    if (IsOperator(node, "", "Constant")) return nullptr;
    if (!OnlyMoves(node)) return &node;
    value = InputName(node, 0);
  }
  return nullptr;
}

Makers MakersOf(const onnx::Graph& graph) {
  Makers makers;
  for (const onnx::Node& node : graph.node()) {
    for (const std::string& output : node.output()) makers.emplace(output, &node);
  }
  return makers;
}

/// The values that nodes of the engine read, in the main graph and in those inside it.
std::unordered_set<std::string> ReadByEngine(const Context& context) {
  std::unordered_set<std::string> read;
  const onnx::Graph& main = context.model.graph();
  ForEachGraph(main, [&](const onnx::Graph& graph) {
    for (const onnx::Node& node : graph.node()) {
      if (&graph != &main || !context.TakenByLayer(node)) read.insert(node.input().begin(), node.input().end());
    }
    if (&graph == &main) return;
    for (const onnx::ValueInfo& output : graph.output()) read.insert(output.name());
  });
  return read;
}

bool IsWhole(const Context& context, const onnx::Node& node, const std::vector<const onnx::Graph*>& branches,
             const std::unordered_set<std::string>& read_by_engine) {
  std::vector<int> layers(static_cast<size_t>(node.output_size()));  // that make this output, one a branch
  for (const onnx::Graph* branch : branches) {
    if (branch->output_size() != node.output_size()) return false;
    const Makers makers = MakersOf(*branch);
    for (int i = 0; i < node.output_size(); ++i) {
      const onnx::Node* maker = Origin(makers, branch->output(i).name());
      if (!maker) return false;
      layers[static_cast<size_t>(i)] += context.TakenByLayer(*maker) ? 1 : 0;
    }
  }
  for (int i = 0; i < node.output_size(); ++i) {
    const int count = layers[static_cast<size_t>(i)];
    if (count != 0 && count != static_cast<int>(branches.size())) return false;
    if (count != 0 && read_by_engine.contains(node.output(i))) return false;
  }
  return true;
}

}  // namespace

std::unordered_set<const onnx::Graph*> WholeBranches(const Context& context) {
  std::unordered_set<const onnx::Graph*> whole;
  const std::unordered_set<std::string> read_by_engine = ReadByEngine(context);
  for (const onnx::Node& node : context.model.graph().node()) {
    if (!IsOperator(node, "", "If")) continue;
    std::vector<const onnx::Graph*> branches;
    for (const onnx::Attribute& attribute : node.attribute()) {
      if (attribute.has_g()) branches.push_back(&attribute.g());
    }
    if (branches.size() == 2 && IsWhole(context, node, branches, read_by_engine))
      whole.insert(branches.begin(), branches.end());
  }
  return whole;
}

}  // namespace lamina::prepare
