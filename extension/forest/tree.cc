#include "extension/forest/tree.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "extension/forest/chained_sets.h"

namespace lamina::forest {
namespace {

constexpr int kMaxDepth = 10000;                        // of recursion
constexpr uint64_t kMaxNodes = uint64_t{1} << 28;       // of one tree in the model
constexpr uint64_t kMaxSize = (uint64_t{1} << 31) - 1;  // of one tree; see CheckSize
constexpr uint64_t kMaxCopies = uint64_t{1} << 22;      // of what several parents share, in all trees; see CheckSize

[[noreturn]] void Refuse(const Node& node, const std::string& what) {
  throw std::invalid_argument("tree " + std::to_string(node.tree_id) + ", node " + std::to_string(node.node_id) + ": " +
                              what);
}

/// A node of the graph that a tree is before it is spread out: children are places in the graph.
struct GraphNode {
  uint32_t feature = 0;
  int32_t set = -1;  // a number in TreeMaker's sets, or -1: a cut
  bool nan_right = false;
  Cut cut;
  int32_t left = -1, right = -1;
  int32_t leaf = -1;  // a place in TreeMaker's list of leaves
};

class TreeMaker {
 public:
  explicit TreeMaker(const Ensemble& ensemble) : ensemble_(ensemble) {
    merge_ =
        std::any_of(ensemble.nodes.begin(), ensemble.nodes.end(), [](const Node& n) { return n.mode >= Mode::kEqual; });
    place_.resize(ensemble.nodes.size(), kNew);
    counted_.resize(ensemble.nodes.size());
  }

  Tree Make(uint32_t root) {
    graph_.clear();
    leaves_.clear();
    equal_.clear();
    equal_leaves_.clear();
    sets_ = ChainedSets();
    tree_ = Tree();
    const int32_t top = AddToGraph(root, 0);
    CheckSize(root, top);
    for (const uint32_t node : visited_) place_[node] = kNew;
    visited_.clear();
    Spread(top, 0);
    return std::move(tree_);
  }

 private:
  static constexpr int32_t kNew = -1, kOpen = -2;
  using LeafKey = std::vector<std::pair<uint32_t, uint64_t>>;
  using Key = std::tuple<uint32_t, int32_t, bool, double, bool, int32_t, int32_t>;

  int32_t AddToGraph(uint32_t i, int depth) {
    const Node& node = ensemble_.nodes[i];
    if (place_[i] >= 0) return place_[i];
    if (place_[i] == kOpen) Refuse(node, "it is below itself: the tree has a cycle");
    if (depth > kMaxDepth) Refuse(node, "the tree is more than " + std::to_string(kMaxDepth) + " levels deep");
    place_[i] = kOpen;
    visited_.push_back(i);
    return place_[i] = node.mode == Mode::kLeaf ? AddLeaf(node) : AddBranch(node, depth);
  }

  int32_t AddBranch(const Node& node, int depth) {
    for (const uint32_t child : {node.true_child, node.false_child})
      if (child >= ensemble_.nodes.size())
        Refuse(node, "a child is node number " + std::to_string(child) + ", there are " +
                         std::to_string(ensemble_.nodes.size()));
    const int32_t on_true = AddToGraph(node.true_child, depth + 1), on_false = AddToGraph(node.false_child, depth + 1);
    GraphNode g{.feature = node.feature, .left = on_true, .right = on_false};
    const bool order = node.mode < Mode::kEqual;
    if (!order || std::isnan(node.threshold)) {
      AddSet(node, g);
    } else {
      const bool greater = node.mode == Mode::kGreater || node.mode == Mode::kGreaterOrEqual;
      g.cut = {node.threshold, node.mode == Mode::kLess || node.mode == Mode::kGreaterOrEqual};
      g.nan_right = greater == node.missing_tracks_true;
      if (greater) std::swap(g.left, g.right);
    }
    return Unite(g);
  }

  /// A set of values that go left. A comparison with a NaN threshold is the empty set: only NaN itself may be led to
  /// the true side.
  void AddSet(const Node& node, GraphNode& g) {
    ValueSet set{.feature = node.feature, .nan = node.missing_tracks_true};
    if (node.mode == Mode::kMember) {
      if (size_t{node.first_member} + node.member_count > ensemble_.members.size())
        Refuse(node, "its members are not in the list of members");
      const auto first = ensemble_.members.begin() + node.first_member;
      set.values.assign(first, first + node.member_count);
    } else if (node.mode >= Mode::kEqual) {
      set.values = {node.threshold};
    }
    if (node.mode == Mode::kNotEqual) {
      std::swap(g.left, g.right);
      set.nan = false;
    }
    std::erase_if(set.values, [](double v) { return std::isnan(v); });
    g.set = sets_.Own(std::move(set));
  }

  /// Makes a chain of sets one set, and equal nodes one node, so that the next link above finds its end equal to this
  /// one's.
  int32_t Unite(GraphNode g) {
    if (!merge_) return Add(g);
    if (g.left == g.right) return g.left;
    const GraphNode& next = graph_[g.right];  // which is united with all that can follow it
    if (g.set >= 0 && next.leaf < 0 && next.set >= 0 && next.feature == g.feature && next.left == g.left) {
      g.set = sets_.Join(g.set, next.set);
      g.right = next.right;
    }
    const auto [found, added] =
        equal_.emplace(Key(g.feature, g.set, g.nan_right, g.cut.at, g.cut.strict, g.left, g.right), 0);
    if (added) found->second = Add(g);
    return found->second;
  }

  int32_t Add(const GraphNode& g) {
    graph_.push_back(g);
    return static_cast<int32_t>(graph_.size()) - 1;
  }

  int32_t AddLeaf(const Node& node) {
    std::vector<Weight> weights = CheckedWeights(node);
    if (merge_) {
      LeafKey key;
      for (const Weight& w : weights) key.emplace_back(w.target, std::bit_cast<uint64_t>(w.value));
      const auto [found, added] = equal_leaves_.try_emplace(std::move(key), static_cast<int32_t>(graph_.size()));
      if (!added) return found->second;
    }
    leaves_.push_back(std::move(weights));
    return Add({.leaf = static_cast<int32_t>(leaves_.size()) - 1});
  }

  std::vector<Weight> CheckedWeights(const Node& node) const {
    if (size_t{node.first_weight} + node.weight_count > ensemble_.weights.size())
      Refuse(node, "its weights are not in the list of weights");
    const auto first = ensemble_.weights.begin() + node.first_weight;
    std::vector<Weight> sorted(first, first + node.weight_count), out;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Weight& a, const Weight& b) { return a.target < b.target; });
    for (const Weight& w : sorted) {
      if (w.target >= ensemble_.targets)
        Refuse(node, "a weight is for target " + std::to_string(w.target) + ", there are " +
                         std::to_string(ensemble_.targets));
      if (out.empty() || out.back().target != w.target) {
        out.push_back(w);
      } else {
        double& value = out.back().value;
        value = ensemble_.aggregate == Aggregate::kMin   ? std::min(value, w.value)
                : ensemble_.aggregate == Aggregate::kMax ? std::max(value, w.value)
                                                         : value + w.value;
      }
    }
    return out;
  }

  /// A graph of a few nodes can be a tree of billions: that must be known before they are made. What counts is nodes,
  /// a leaf's weights beyond its first, and a set's values beyond its first: what the tree has of them, less what the
  /// model has, are copies. A tree whose nodes another tree has, too, is a copy of them.
  void CheckSize(uint32_t root, int32_t top) {
    const uint64_t spread = SpreadSize(top) + ExtraValues(top);
    uint64_t given = 0;
    for (const uint32_t i : visited_) {
      const Node& node = ensemble_.nodes[i];
      if (!counted_[i]) given += std::max({1u, node.weight_count, node.member_count});
      counted_[i] = true;
    }
    copies_ += spread > given ? spread - given : 0;
    if (visited_.size() <= kMaxNodes && spread <= kMaxSize && copies_ <= kMaxCopies) return;
    Refuse(ensemble_.nodes[root],
           "children that several nodes share, or several trees, make the tree too big: its " +
               std::to_string(visited_.size()) + " nodes, with their weights and members, become " +
               (spread > kMaxSize ? "more than " : "") + std::to_string(std::min(spread, kMaxSize)) + ", of which " +
               std::to_string(kMaxCopies) +
               " may be copies, counted over all trees; give each node a parent of its own");
  }

  /// Nodes and weights of the tree that a node of the graph becomes. Children come before their parents.
  uint64_t SpreadSize(int32_t top) const {
    constexpr uint64_t kEnough = uint64_t{1} << 60;
    std::vector<uint64_t> below;
    for (const GraphNode& g : graph_)
      below.push_back(g.leaf >= 0 ? std::max<size_t>(1, leaves_[g.leaf].size())
                                  : std::min(kEnough, 1 + below[g.left] + below[g.right]));
    return below[top];
  }

  /// Values of the sets that are reached from a node of the graph, of each set beyond its first.
  uint64_t ExtraValues(int32_t top) const {
    if (!merge_) return 0;
    std::vector<bool> reached(graph_.size());
    std::map<int32_t, uint64_t> extra;  // by number
    reached[top] = true;
    for (int32_t i = top; i >= 0; --i) {
      const GraphNode& g = graph_[i];
      if (!reached[i] || g.leaf >= 0) continue;
      reached[g.left] = reached[g.right] = true;
      if (g.set >= 0) extra[g.set] = std::max<uint64_t>(1, sets_.MostValues(g.set)) - 1;
    }
    uint64_t sum = 0;
    for (const auto& [number, values] : extra) sum += values;
    return sum;
  }

  int32_t Spread(int32_t i, int depth) {
    const auto me = static_cast<int32_t>(tree_.nodes.size());
    tree_.depth = std::max(tree_.depth, depth);
    const GraphNode& g = graph_[i];
    TreeNode& node = tree_.nodes.emplace_back();
    if (g.leaf >= 0) {
      node.leaf = static_cast<uint32_t>(tree_.leaves());
      const auto& weights = leaves_[g.leaf];
      tree_.weights.insert(tree_.weights.end(), weights.begin(), weights.end());
      tree_.first_weight.push_back(static_cast<uint32_t>(tree_.weights.size()));
      return me;
    }
    node.feature = g.feature;
    node.set = g.set < 0 ? -1 : sets_.PlaceIn(tree_.sets, g.set);
    node.nan_right = g.nan_right;
    node.cut = g.cut;
    const int32_t left = Spread(g.left, depth + 1), right = Spread(g.right, depth + 1);
    tree_.nodes[me].left = left;
    tree_.nodes[me].right = right;
    return me;
  }

  const Ensemble& ensemble_;
  bool merge_ = false;          // are there sets at all?
  uint64_t copies_ = 0;         // so far
  std::vector<bool> counted_;   // which of the ensemble's nodes some tree has
  std::vector<int32_t> place_;  // of each of the ensemble's nodes in the graph
  std::vector<uint32_t> visited_;
  std::vector<GraphNode> graph_;
  std::vector<std::vector<Weight>> leaves_;
  std::map<Key, int32_t> equal_;
  std::map<LeafKey, int32_t> equal_leaves_;
  ChainedSets sets_;
  Tree tree_;
};

}  // namespace

bool ValueSet::Contains(double x) const { return x != x ? nan : std::binary_search(values.begin(), values.end(), x); }

void KeepUsedSets(Tree& tree) {
  std::vector<int32_t> now(tree.sets.size(), -1);
  std::vector<ValueSet> used;
  for (TreeNode& node : tree.nodes) {
    if (node.IsLeaf() || node.set < 0) continue;
    if (now[node.set] < 0) {
      now[node.set] = static_cast<int32_t>(used.size());
      used.push_back(std::move(tree.sets[node.set]));
    }
    node.set = now[node.set];
  }
  tree.sets = std::move(used);
}

std::vector<Tree> MakeTrees(const Ensemble& ensemble) {
  const size_t bases = ensemble.base_values.size();
  if (ensemble.targets == 0) throw std::invalid_argument("the ensemble has no targets");
  if (bases > 1 && bases != ensemble.targets)
    throw std::invalid_argument("there are " + std::to_string(bases) + " base values, expected none, one or " +
                                std::to_string(ensemble.targets) + ", as there are targets");
  TreeMaker maker(ensemble);
  std::vector<Tree> trees;
  trees.reserve(ensemble.roots.size());
  for (const uint32_t root : ensemble.roots) {
    if (root >= ensemble.nodes.size())
      throw std::invalid_argument("a root is node number " + std::to_string(root) + ", there are " +
                                  std::to_string(ensemble.nodes.size()));
    trees.push_back(maker.Make(root));
  }
  return trees;
}

}  // namespace lamina::forest
