#include "extension/forest/single_trees.h"

#include <numeric>
#include <vector>

#include "extension/forest/masked_trees.h"

namespace lamina::forest {
namespace {

struct Visited {
  uint32_t node;  // or kMaxLeaves + leaf
  uint32_t first_leaf;
};

uint32_t Rounded(uint32_t count) { return (count + kVectorBytes - 1) / kVectorBytes * kVectorBytes; }

/// A leaf's number is its place from the left.
void AddLeafNumbers(uint32_t t, uint32_t place, SingleParts& parts) {
  std::vector<uint32_t> leaf_of(parts.tree(t).leaves());
  std::iota(leaf_of.begin(), leaf_of.end(), 0u);
  parts.AddLookups(t, place, leaf_of);
}

template <uint32_t kWords>
void AddMasked(std::span<const uint32_t> members, std::vector<MaskedTree<kWords>>& trees, SingleParts& parts) {
  if (members.empty()) return;
  MaskedTrees masked{.words = kWords,
                     .first = static_cast<uint32_t>(trees.size()),
                     .trees = static_cast<uint32_t>(members.size()),
                     .place = parts.TakePlaces(static_cast<uint32_t>(members.size()))};
  for (uint32_t i = 0; i < members.size(); ++i) {
    trees.push_back(MaskTree<kWords>(parts.tree(members[i]), parts.layout().ranks));
    AddLeafNumbers(members[i], masked.place + i, parts);
  }
  parts.out().masked.push_back(masked);
}

/// Nodes that round a tree up to whole vectors always answer "left".
SingleTree Begin(uint32_t count, SingleLayout& out) {
  SingleTree single{.first = static_cast<uint32_t>(out.columns.size()), .count = count};
  single.first_next = static_cast<uint32_t>(out.next.size());
  single.first_set = static_cast<uint32_t>(out.sets.size());
  out.columns.resize(out.columns.size() + Rounded(count));
  out.thresholds.resize(out.columns.size(), 127);
  out.next.resize(out.next.size() + size_t{2} * count);
  return single;
}

/// If node i asks for a set, notes it. Among the others its answer stays "left".
bool AddSet(const LaidTree& laid, uint32_t i, Place place, SingleTree& single, SingleParts& parts) {
  const BlockLayout& layout = parts.layout();
  if (place.column < layout.ranks.columns()) return false;
  SingleSet set{.node = i};
  for (uint32_t t = laid.first_set_test; t < laid.first_set_test + laid.set_tests; ++t) {
    if (layout.ranks.columns() + layout.set_tests[t].slot != place.column) continue;
    if (set.tests++ == 0) set.first_test = t;  // a set's tests follow each other
  }
  parts.out().sets.push_back(set);
  ++single.sets;
  return true;
}

Visited Visit(const Tree& tree, const LaidTree& laid, int32_t i, SingleTree& single, SingleParts& parts) {
  const TreeNode& node = tree.nodes[i];
  if (node.IsLeaf()) return {kMaxLeaves + node.leaf, node.leaf};
  const Visited left = Visit(tree, laid, node.left, single, parts),
                right = Visit(tree, laid, node.right, single, parts);
  const uint32_t me = right.first_leaf - 1;
  const Place place = parts.layout().ranks.PlaceOf(node);
  SingleLayout& out = parts.out();
  if (!AddSet(laid, me, place, single, parts)) {
    out.columns[single.first + me] = static_cast<uint8_t>(place.column);
    out.thresholds[single.first + me] = place.threshold;
  }
  out.next[single.first_next + 2 * me] = static_cast<uint16_t>(left.node);
  out.next[single.first_next + 2 * me + 1] = static_cast<uint16_t>(right.node);
  return {me, left.first_leaf};
}

}  // namespace

void AddSmallMasked(std::span<const uint32_t> members, SingleParts& parts) {
  AddMasked(members, parts.out().small, parts);
}

void AddMediumMasked(std::span<const uint32_t> members, SingleParts& parts) {
  AddMasked(members, parts.out().medium, parts);
}

void AddAsked(uint32_t t, SingleParts& parts) {
  const Tree& tree = parts.tree(t);
  SingleTree single = Begin(static_cast<uint32_t>(tree.leaves()) - 1, parts.out());
  single.place = parts.TakePlaces(1);
  single.root = Visit(tree, parts.layout().trees[t], 0, single, parts).node;
  parts.out().trees.push_back(single);
  AddLeafNumbers(t, single.place, parts);
}

void AddWalked(uint32_t t, SingleParts& parts) {
  const Tree& tree = parts.tree(t);
  SingleLayout& out = parts.out();
  WalkedTree walked{.first = static_cast<uint32_t>(out.walk_nodes.size()),
                    .branches = static_cast<uint32_t>(tree.leaves()) - 1,
                    .depth = static_cast<uint32_t>(tree.depth),
                    .place = parts.TakePlaces(1)};
  std::vector<uint16_t> at(tree.nodes.size());
  uint16_t branches = 0;
  for (size_t i = 0; i < at.size(); ++i)
    at[i] = static_cast<uint16_t>(tree.nodes[i].IsLeaf() ? walked.branches + tree.nodes[i].leaf : branches++);
  out.walk_nodes.resize(out.walk_nodes.size() + at.size());
  const PlaceOfBranch places = parts.PlacesIn(tree);
  for (size_t i = 0; i < at.size(); ++i) {
    const TreeNode& node = tree.nodes[i];
    WalkNode& walk = out.walk_nodes[walked.first + at[i]];
    if (node.IsLeaf()) {
      walk.next = {at[i], at[i]};
      continue;
    }
    const Place place = places(node);
    walk.column = static_cast<uint16_t>(place.column);
    walk.threshold = place.threshold;
    walk.next = {at[node.left], at[node.right]};
  }
  out.walked.push_back(walked);
  AddLeafNumbers(t, walked.place, parts);
}

}  // namespace lamina::forest
