#include "extension/forest/tables.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace lamina::forest {
namespace {

[[noreturn]] void Refuse(const std::string& what) { throw std::invalid_argument(what); }

void CheckSize(const char* name, size_t got, size_t expected, const char* like) {
  if (got == expected) return;
  Refuse(std::string(name) + " has " + std::to_string(got) + " entries, " + like + " has " + std::to_string(expected) +
         ": they must be as many");
}

/// `what()` names what the number is, for the message: it is not made unless it is needed, tables have millions of
/// entries.
template <class What>
uint32_t CheckRange(const What& what, int64_t got, int64_t limit) {
  if (got >= 0 && got < limit) return static_cast<uint32_t>(got);
  Refuse(what() + " is " + std::to_string(got) + ", expected 0 to " + std::to_string(limit - 1));
}

constexpr int64_t kMaxFeatures = std::numeric_limits<int32_t>::max();

std::string NameOf(const Node& node) {
  return "tree " + std::to_string(node.tree_id) + ", node " + std::to_string(node.node_id);
}

struct Id {
  int64_t tree, node;
  friend bool operator==(const Id&, const Id&) = default;
};

/// Ids follow each other, so that neighbours get neighbouring buckets.
struct HashId {
  size_t operator()(const Id& id) const {
    return static_cast<uint64_t>(id.tree) * 0x9E3779B97F4A7C15u + static_cast<uint64_t>(id.node);
  }
};

using Places = std::unordered_map<Id, uint32_t, HashId>;

void CheckSizes(const NodeTables& t) {
  const size_t n = t.nodes_treeids.size();
  const char* like = "nodes_treeids";
  CheckSize("nodes_nodeids", t.nodes_nodeids.size(), n, like);
  CheckSize("nodes_featureids", t.nodes_featureids.size(), n, like);
  CheckSize("nodes_modes", t.nodes_modes.size(), n, like);
  CheckSize("nodes_values", t.nodes_values.size(), n, like);
  CheckSize("nodes_truenodeids", t.nodes_truenodeids.size(), n, like);
  CheckSize("nodes_falsenodeids", t.nodes_falsenodeids.size(), n, like);
  if (!t.nodes_missing_value_tracks_true.empty())
    CheckSize("nodes_missing_value_tracks_true", t.nodes_missing_value_tracks_true.size(), n, like);
  const size_t weights = t.target_weights.size();
  CheckSize("the list of weights' tree ids", t.target_treeids.size(), weights, "the list of weights");
  CheckSize("the list of weights' node ids", t.target_nodeids.size(), weights, "the list of weights");
  CheckSize("the list of weights' targets", t.target_ids.size(), weights, "the list of weights");
}

template <class What>
uint32_t FindNode(const Places& places, Id id, const What& what) {
  const auto found = places.find(id);
  if (found != places.end()) return found->second;
  Refuse(what() + " is node " + std::to_string(id.node) + ", which tree " + std::to_string(id.tree) + " does not have");
}

void AddNodes(const NodeTables& t, Places& places, Ensemble& out) {
  out.nodes.resize(t.nodes_treeids.size());
  for (size_t i = 0; i < out.nodes.size(); ++i) {
    Node& node = out.nodes[i];
    node.tree_id = t.nodes_treeids[i];
    node.node_id = t.nodes_nodeids[i];
    if (!places.emplace(Id{node.tree_id, node.node_id}, static_cast<uint32_t>(i)).second)
      Refuse(NameOf(node) + ": there are two nodes of this id");
    node.mode = ParseMode(t.nodes_modes[i]);
    if (node.mode == Mode::kLeaf) continue;
    node.feature = CheckRange([&] { return NameOf(node) + ": the feature id"; }, t.nodes_featureids[i], kMaxFeatures);
    node.threshold = t.nodes_values[i];
    node.missing_tracks_true = !t.nodes_missing_value_tracks_true.empty() && t.nodes_missing_value_tracks_true[i] != 0;
  }
}

/// Connects the children and finds each tree's root: the one node of it that is no one's child.
void ConnectNodes(const NodeTables& t, const Places& places, Ensemble& out) {
  std::vector<bool> is_child(out.nodes.size());
  for (size_t i = 0; i < out.nodes.size(); ++i) {
    Node& node = out.nodes[i];
    if (node.mode == Mode::kLeaf) continue;
    node.true_child =
        FindNode(places, {node.tree_id, t.nodes_truenodeids[i]}, [&] { return NameOf(node) + ": the true child"; });
    node.false_child =
        FindNode(places, {node.tree_id, t.nodes_falsenodeids[i]}, [&] { return NameOf(node) + ": the false child"; });
    is_child[node.true_child] = is_child[node.false_child] = true;
  }
  std::unordered_map<int64_t, uint32_t> roots;
  std::vector<int64_t> order;
  std::unordered_set<int64_t> seen;
  for (size_t i = 0; i < out.nodes.size(); ++i) {
    const Node& node = out.nodes[i];
    if (seen.insert(node.tree_id).second) order.push_back(node.tree_id);
    if (is_child[i]) continue;
    const auto [place, first] = roots.emplace(node.tree_id, static_cast<uint32_t>(i));
    if (!first)
      Refuse("tree " + std::to_string(node.tree_id) + " has several roots: nodes " +
             std::to_string(out.nodes[place->second].node_id) + " and " + std::to_string(node.node_id) +
             " are no node's child");
  }
  for (const int64_t tree : order) {
    const auto root = roots.find(tree);
    if (root == roots.end())
      Refuse("tree " + std::to_string(tree) +
             " has no root: every node of it is another one's child, so they form a cycle");
    out.roots.push_back(root->second);
  }
}

/// A node that no root leads to is below itself: everything else has a way up that ends in a root.
void CheckReached(const Ensemble& ensemble) {
  std::vector<bool> reached(ensemble.nodes.size());
  std::vector<uint32_t> open = ensemble.roots;
  while (!open.empty()) {
    const uint32_t i = open.back();
    open.pop_back();
    if (reached[i]) continue;
    reached[i] = true;
    const Node& node = ensemble.nodes[i];
    if (node.mode != Mode::kLeaf) open.insert(open.end(), {node.true_child, node.false_child});
  }
  for (size_t i = 0; i < reached.size(); ++i)
    if (!reached[i])
      Refuse(NameOf(ensemble.nodes[i]) +
             ": no way leads there from the tree's root, so it is part of a cycle or below one");
}

/// Sorts the weights by leaf, keeping their order. Weights of branches are ignored: old converters write them.
void AddWeights(const NodeTables& t, const Places& places, Ensemble& out) {
  std::vector<uint32_t> leaf_of(t.target_weights.size());
  for (size_t i = 0; i < leaf_of.size(); ++i) {
    leaf_of[i] = FindNode(places, {t.target_treeids[i], t.target_nodeids[i]},
                          [&] { return "weight " + std::to_string(i) + ": its leaf"; });
    ++out.nodes[leaf_of[i]].weight_count;
  }
  uint32_t next = 0;
  for (Node& node : out.nodes) {
    node.first_weight = next;
    if (node.mode == Mode::kLeaf) next += node.weight_count;
    node.weight_count = 0;
  }
  out.weights.resize(next);
  for (size_t i = 0; i < leaf_of.size(); ++i) {
    Node& leaf = out.nodes[leaf_of[i]];
    if (leaf.mode != Mode::kLeaf) continue;
    const uint32_t target =
        CheckRange([&] { return NameOf(leaf) + ": the target or class id of a weight"; }, t.target_ids[i], out.targets);
    out.weights[leaf.first_weight + leaf.weight_count++] = {target, t.target_weights[i]};
  }
}

uint32_t CheckTargets(int64_t targets) {
  if (targets >= 1 && targets <= kMaxFeatures) return static_cast<uint32_t>(targets);
  Refuse("the number of targets or classes is " + std::to_string(targets) + ", expected 1 or more");
}

void CheckSizes(const BranchTables& t) {
  const size_t n = t.nodes_featureids.size();
  const char* like = "nodes_featureids";
  CheckSize("nodes_modes", t.nodes_modes.size(), n, like);
  CheckSize("nodes_splits", t.nodes_splits.size(), n, like);
  CheckSize("nodes_truenodeids", t.nodes_truenodeids.size(), n, like);
  CheckSize("nodes_trueleafs", t.nodes_trueleafs.size(), n, like);
  CheckSize("nodes_falsenodeids", t.nodes_falsenodeids.size(), n, like);
  CheckSize("nodes_falseleafs", t.nodes_falseleafs.size(), n, like);
  if (!t.nodes_missing_value_tracks_true.empty())
    CheckSize("nodes_missing_value_tracks_true", t.nodes_missing_value_tracks_true.size(), n, like);
  CheckSize("leaf_weights", t.leaf_weights.size(), t.leaf_targetids.size(), "leaf_targetids");
}

/// The members of the next MEMBER node: values up to a NaN, or to the end. `at` moves past them.
void TakeMembers(const std::vector<double>& values, size_t& at, Node& node, Ensemble& out) {
  if (at >= values.size())
    Refuse("node " + std::to_string(node.node_id) + ": membership_values has no set left for this MEMBER node");
  node.first_member = static_cast<uint32_t>(out.members.size());
  while (at < values.size() && !std::isnan(values[at])) out.members.push_back(values[at++]);
  ++at;
  node.member_count = static_cast<uint32_t>(out.members.size()) - node.first_member;
}

}  // namespace

Mode ParseMode(const std::string& name) {
  constexpr std::string_view kNames[] = {"LEAF",      "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE",
                                         "BRANCH_GT", "BRANCH_EQ",  "BRANCH_NEQ"};
  for (size_t i = 0; i < std::size(kNames); ++i)
    if (name == kNames[i]) return static_cast<Mode>(i);
  Refuse("node mode '" + name +
         "' is unknown, expected BRANCH_LEQ, BRANCH_LT, BRANCH_GTE, BRANCH_GT, BRANCH_EQ, BRANCH_NEQ or LEAF");
}

Aggregate ParseAggregate(const std::string& name) {
  constexpr std::string_view kNames[] = {"SUM", "AVERAGE", "MIN", "MAX"};
  for (size_t i = 0; i < std::size(kNames); ++i)
    if (name == kNames[i]) return static_cast<Aggregate>(i);
  Refuse("aggregate_function '" + name + "' is unknown, expected SUM, AVERAGE, MIN or MAX");
}

Ensemble FromTables(const NodeTables& tables, int64_t targets) {
  CheckSizes(tables);
  Ensemble out;
  out.targets = CheckTargets(targets);
  Places places;
  places.reserve(tables.nodes_treeids.size());
  AddNodes(tables, places, out);
  ConnectNodes(tables, places, out);
  CheckReached(out);
  AddWeights(tables, places, out);
  return out;
}

Ensemble FromTables(const BranchTables& tables, int64_t targets) {
  CheckSizes(tables);
  Ensemble out;
  out.targets = CheckTargets(targets);
  const auto branches = static_cast<int64_t>(tables.nodes_featureids.size()),
             leaves = static_cast<int64_t>(tables.leaf_weights.size());
  size_t member = 0;
  for (int64_t i = 0; i < branches; ++i) {
    Node node{.node_id = i};
    const auto what = [i](const char* of) { return [i, of] { return "node " + std::to_string(i) + ": " + of; }; };
    const auto child = [&](const char* of, int64_t id, bool leaf) {
      return leaf ? static_cast<uint32_t>(branches) + CheckRange(what(of), id, leaves)
                  : CheckRange(what(of), id, branches);
    };
    node.mode = static_cast<Mode>(1 + CheckRange(what("the mode"), tables.nodes_modes[i], 7));
    node.feature = CheckRange(what("the feature id"), tables.nodes_featureids[i], kMaxFeatures);
    node.threshold = tables.nodes_splits[i];
    node.missing_tracks_true =
        !tables.nodes_missing_value_tracks_true.empty() && tables.nodes_missing_value_tracks_true[i] != 0;
    node.true_child = child("the true child", tables.nodes_truenodeids[i], tables.nodes_trueleafs[i] != 0);
    node.false_child = child("the false child", tables.nodes_falsenodeids[i], tables.nodes_falseleafs[i] != 0);
    if (node.mode == Mode::kMember) TakeMembers(tables.membership_values, member, node, out);
    out.nodes.push_back(node);
  }
  for (int64_t i = 0; i < leaves; ++i) {
    out.nodes.push_back({.first_weight = static_cast<uint32_t>(i), .weight_count = 1, .node_id = branches + i});
    out.weights.push_back(
        {CheckRange([i] { return "leaf " + std::to_string(i) + ": the target id"; }, tables.leaf_targetids[i], targets),
         tables.leaf_weights[i]});
  }
  for (const int64_t root : tables.tree_roots)
    out.roots.push_back(CheckRange([] { return std::string("a root in tree_roots"); }, root, branches));
  return out;
}

}  // namespace lamina::forest
