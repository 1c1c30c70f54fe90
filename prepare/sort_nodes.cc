#include "prepare/sort_nodes.h"

#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "prepare/graph.h"

namespace lamina::prepare {
namespace {

using Values = std::unordered_set<std::string_view>;

/// The nodes of one graph or function.
class Sorter {
 public:
  explicit Sorter(NodeList& nodes) : nodes_(nodes), reads_(static_cast<size_t>(nodes.size())) {
    for (int i = 0; i < nodes.size(); ++i) {
      for (const std::string& output : nodes[i].output()) {
        if (!output.empty()) makers_[output] = i;
      }
    }
  }

  /// Sorts the graphs inside the nodes, then the nodes.
  absl::Status Run() {
    for (int i = 0; i < nodes_.size(); ++i) {
      onnx::Node& node = *nodes_.Mutable(i);
      Values& reads = reads_[static_cast<size_t>(i)];
      reads.insert(node.input().begin(), node.input().end());
      for (onnx::Attribute& attribute : *node.mutable_attribute()) {
        if (attribute.has_g()) Enter(*attribute.mutable_g(), reads);
        for (onnx::Graph& inner : *attribute.mutable_graphs()) Enter(inner, reads);
      }
      if (!status_.ok()) return status_;
    }
    return IsSorted() ? absl::OkStatus() : Sort();
  }

  /// What the nodes read and do not make.
  Values Free() const {
    Values free;
    for (const Values& reads : reads_) {
      for (const std::string_view value : reads) {
        if (!makers_.contains(value)) free.insert(value);
      }
    }
    return free;
  }

 private:
  /// Sorts a graph inside a node; adds to `reads` what it reads of the graphs around it.
  void Enter(onnx::Graph& graph, Values& reads) {
    Sorter sorter(*graph.mutable_node());
    status_.Update(sorter.Run());
    Values free = sorter.Free();
    for (const onnx::ValueInfo& output : graph.output()) {
      if (!sorter.makers_.contains(output.name())) free.insert(output.name());
    }
    for (const onnx::ValueInfo& input : graph.input()) free.erase(input.name());
    for (const onnx::Tensor& tensor : graph.initializer()) free.erase(tensor.name());
    for (const onnx::SparseTensor& tensor : graph.sparse_initializer()) free.erase(tensor.values().name());
    reads.merge(free);
  }

  bool IsSorted() const {
    for (size_t i = 0; i < reads_.size(); ++i) {
      for (const std::string_view value : reads_[i]) {
        const auto maker = makers_.find(value);
        if (maker != makers_.end() && static_cast<size_t>(maker->second) >= i) return false;
      }
    }
    return true;
  }

  /// Of the nodes that can run the first comes next.
  absl::Status Sort() {
    std::vector<std::vector<int>> readers(reads_.size());
    std::vector<int> missing(reads_.size());
    std::priority_queue<int, std::vector<int>, std::greater<>> ready;
    for (int i = 0; i < nodes_.size(); ++i) {
      for (const std::string_view value : reads_[static_cast<size_t>(i)]) {
        const auto maker = makers_.find(value);
        if (maker == makers_.end()) continue;
        readers[static_cast<size_t>(maker->second)].push_back(i);
        ++missing[static_cast<size_t>(i)];
      }
      if (missing[static_cast<size_t>(i)] == 0) ready.push(i);
    }
    std::vector<int> order;
    while (!ready.empty()) {
      order.push_back(ready.top());
      ready.pop();
      for (const int reader : readers[static_cast<size_t>(order.back())]) {
        if (--missing[static_cast<size_t>(reader)] == 0) ready.push(reader);
      }
    }
    return order.size() == reads_.size() ? Put(order) : Cycle(missing);
  }

  absl::Status Put(const std::vector<int>& order) {
    NodeList before;
    before.Swap(&nodes_);
    for (const int i : order) *nodes_.Add() = std::move(*before.Mutable(i));
    return absl::OkStatus();
  }

  absl::Status Cycle(const std::vector<int>& missing) const {
    int first = 0;
    while (missing[static_cast<size_t>(first)] == 0) ++first;
    return absl::InvalidArgumentError(absl::StrCat(
        Describe(nodes_[first]),
        " cannot run: it waits for nodes that wait for one another. A model has no cycles; export it again"));
  }

  NodeList& nodes_;
  std::unordered_map<std::string_view, int> makers_;
  std::vector<Values> reads_;
  absl::Status status_;
};

}  // namespace

absl::Status SortNodes(onnx::Model& model) {
  for (onnx::Function& function : *model.mutable_functions()) {
    if (absl::Status status = Sorter(*function.mutable_node()).Run(); !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("function '", function.name(), "': ", std::string(status.message())));
    }
  }
  return Sorter(*model.mutable_graph()->mutable_node()).Run();
}

}  // namespace lamina::prepare
