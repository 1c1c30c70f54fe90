// A product of doubles to which two constants are added, one after the other: the engine makes a bias of one and loses
// the other. The constants are added to each other first.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "prepare/element_types.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

/// What the rewrite has to know of one graph.
struct Facts {
  std::unordered_set<std::string> constants;           // values that depend on no input
  std::unordered_map<std::string, int> readers;        // in the graphs inside, too
  std::unordered_map<std::string, onnx::Node> makers;  // MatMuls and the Adds after them
};

Facts Collect(const onnx::Graph& graph) {
  Facts facts;
  for (const onnx::Tensor& tensor : graph.initializer()) facts.constants.insert(tensor.name());
  facts.readers = CountReaders(graph);
  for (const onnx::ValueInfo& output : graph.output()) facts.readers[output.name()] += 2;
  for (const onnx::Node& node : graph.node()) {
    const bool is_constant = std::all_of(node.input().begin(), node.input().end(), [&](const std::string& input) {
      return input.empty() || facts.constants.contains(input);
    });
    const bool is_random = node.op_type().starts_with("Random");
    if (is_constant && !is_random && (node.input_size() > 0 || node.op_type() == "Constant")) {
      facts.constants.insert(node.output().begin(), node.output().end());
    }
    const bool is_product = IsOperator(node, "", "MatMul") || IsOperator(node, "", "Gemm");
    if (node.output_size() == 1 && (is_product || IsOperator(node, "", "Add"))) facts.makers[node.output(0)] = node;
  }
  return facts;
}

/// The input of an Add that is constant, and the other one's index; false if it isn't exactly one.
bool FindConstant(const Facts& facts, const onnx::Node& node, std::string& constant, int& other) {
  if (!IsOperator(node, "", "Add") || node.input_size() != 2) return false;
  const bool first = facts.constants.contains(node.input(0)), second = facts.constants.contains(node.input(1));
  if (first == second) return false;
  constant = node.input(first ? 0 : 1);
  other = first ? 1 : 0;
  return true;
}

/// Whether `node` adds a second constant to a product; `before` is then the node that adds the first.
bool AddsSecond(const Facts& facts, const onnx::Node& node, onnx::Node& before) {
  std::string constant;
  int other = 0;
  if (!FindConstant(facts, node, constant, other)) return false;
  const auto first = facts.makers.find(node.input(other));
  if (first == facts.makers.end() || facts.readers.at(node.input(other)) != 1) return false;
  if (!FindConstant(facts, first->second, constant, other)) return false;
  const auto product = facts.makers.find(first->second.input(other));
  before = first->second;
  return product != facts.makers.end() && !IsOperator(product->second, "", "Add");
}

}  // namespace

absl::Status RewriteTwoBiases(Context& context) {
  std::unordered_set<std::string> doubles;
  VisitTyped(*context.model.mutable_graph(), [&](onnx::Graph&, onnx::Node& node, const TypeScope& types) {
    if (IsOperator(node, "", "Add") && types.Of(InputName(node, 0)) == onnx::Tensor::DOUBLE)
      doubles.insert(node.output(0));
  });
  if (doubles.empty()) return absl::OkStatus();
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    const Facts facts = Collect(graph);
    std::unordered_set<std::string> dropped;
    Rebuild(graph, [&](onnx::Node& node, NodeList& out) {
      onnx::Node before;
      if (node.output_size() == 1 && doubles.contains(node.output(0)) && AddsSecond(facts, node, before) &&
          !dropped.contains(before.input(0)) && !dropped.contains(before.input(1))) {
        context.Changed(node,
                        "two constants added to a product of doubles: added to each other first, the engine loses one");
        std::string first, second;
        int product = 0, sum = 0;
        FindConstant(facts, before, first, product);
        FindConstant(facts, node, second, sum);
        const std::string both = context.names.Fresh(node.output(0) + "/constants");
        *out.Add() = MakeNode("Add", {first, second}, {both});
        dropped.insert(before.output(0));
        node.set_input(sum, before.input(product));
        node.set_input(1 - sum, both);
      }
      *out.Add() = std::move(node);
    });
    EraseNodes(graph, [&](const onnx::Node& node) { return dropped.contains(node.output(0)); });
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
