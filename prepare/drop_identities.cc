#include "prepare/drop_identities.h"

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace lamina::prepare {
namespace {

/// What the values of a graph are called once Identities are gone.
class MergedValues {
 public:
  explicit MergedValues(const onnx::Graph& graph) : inside_(ValuesInside(graph)) {
    for (const onnx::ValueInfo& output : graph.output()) outputs_.insert(output.name());
    for (const onnx::Node& node : graph.node()) made_.insert(node.output().begin(), node.output().end());
  }

  /// Makes `to`, which an Identity makes of `from`, one value with it; false if that cannot be.
  bool Merge(const std::string& from, const std::string& to) {
    if (from.empty() || to.empty()) return false;
    const auto merged = sources_.find(from);
    const std::string source = merged == sources_.end() ? from : merged->second;
    const std::string& name = NameOf(source);
    if (inside_.contains(name) || inside_.contains(to)) return false;
    if (outputs_.contains(to)) {
      if (outputs_.contains(name) || !made_.contains(source)) return false;
      taken_[source] = to;
    }
    sources_[to] = source;
    return true;
  }

  /// The new name of each value that has one.
  NewNames Names() const {
    NewNames names = taken_;
    for (const auto& [value, source] : sources_) names[value] = NameOf(source);
    return names;
  }

 private:
  const std::string& NameOf(const std::string& source) const {
    const auto taken = taken_.find(source);
    return taken == taken_.end() ? source : taken->second;
  }

  std::unordered_set<std::string> inside_, outputs_, made_;
  NewNames sources_;  // of what Identities make: the value that the first one of the chain read
  NewNames taken_;    // of such a source: the graph's output whose name it takes
};

}  // namespace

NodeList DropIdentities(onnx::Graph& graph, const std::function<bool(const onnx::Node& identity)>& is_unwanted) {
  MergedValues values(graph);
  NodeList dropped;
  Rebuild(graph, [&](onnx::Node& node, NodeList& out) {
    const bool drops = IsOperator(node, "", "Identity") && node.input_size() == 1 && node.output_size() == 1 &&
                       is_unwanted(node) && values.Merge(node.input(0), node.output(0));
    *(drops ? dropped : out).Add() = std::move(node);
  });
  if (!dropped.empty()) RenameValues(graph, values.Names());
  return dropped;
}

}  // namespace lamina::prepare
