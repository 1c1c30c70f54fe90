// Lays deep trees out. A step down a deep tree is a cache miss more often than not, so that what counts is how few
// lines of the cache a way to a leaf meets. Siblings lie together, and a line begins with a pair of siblings and goes
// on with pairs below it, those first that more leaves are below of. What is below a line follows it, small subtrees
// first: they share lines.
#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <utility>

#include "extension/forest/deep.h"
#include "extension/forest/lay_out.h"

namespace lamina::forest {
namespace {

constexpr int kTopDepth = 8;  // as many levels as leaf numbers have bits
constexpr size_t kLinePairs = 4;
constexpr size_t kMaxAbsent = 8,
                 kMinWeights =
                     size_t{1}
                     << 22;  // weights with those that leaves don't have: so many times the others, or so many

using SlotOf = std::map<std::pair<uint32_t, bool>, uint32_t>;

SlotOf CollectSlots(const std::vector<Tree>& trees) {
  SlotOf out;
  for (const Tree& tree : trees)
    for (const TreeNode& node : tree.nodes)
      if (!node.IsLeaf()) out.try_emplace({node.feature, node.nan_right}, 0);
  uint32_t next = 0;
  for (auto& [kind, slot] : out) slot = next++;
  return out;
}

int SlotBits(size_t slots) { return std::bit_width(slots); }  // for one more slot, too

/// The levels of a tree that the block kernels run: its leaves are the tree's own, or nodes of it from which rows walk
/// on.
Tree TopOf(const Tree& tree, std::vector<int32_t>& exits) {
  Tree top;
  const auto copy = [&](const auto& self, int32_t i, int depth) -> int32_t {
    const auto me = static_cast<int32_t>(top.nodes.size());
    top.nodes.push_back(tree.nodes[i]);
    top.depth = std::max(top.depth, depth);
    if (tree.nodes[i].IsLeaf() || depth == kTopDepth) {
      top.nodes[me].left = top.nodes[me].right = -1;
      top.nodes[me].leaf = static_cast<uint32_t>(exits.size());
      top.first_weight.push_back(0);
      exits.push_back(i);
      return me;
    }
    const int32_t l = self(self, tree.nodes[i].left, depth + 1), r = self(self, tree.nodes[i].right, depth + 1);
    top.nodes[me].left = l;
    top.nodes[me].right = r;
    return me;
  };
  copy(copy, 0, 0);
  return top;
}

/// Finds the places of a tree's nodes.
class Placer {
 public:
  explicit Placer(const Tree& tree) : tree_(tree), pairs_below_(tree.nodes.size()), place_(tree.nodes.size()) {
    for (size_t i = tree.nodes.size(); i-- > 0;) {
      const TreeNode& node = tree.nodes[i];
      if (!node.IsLeaf()) pairs_below_[i] = 1 + pairs_below_[node.left] + pairs_below_[node.right];
    }
  }

  /// Places from 0 on by node, the root's the first; `size` becomes how many there are, some of them empty. A whole
  /// number of lines.
  std::vector<uint32_t> Places(size_t& size) {
    next_pair_ = 1;             // the root is without a sibling
    std::vector<int32_t> open;  // branches whose children have no place yet, the next one last
    if (pairs_below_[0] > 0) open.push_back(0);
    while (!open.empty()) {
      const int32_t top = open.back();
      open.pop_back();
      FillLine(top, open);
    }
    size = (next_pair_ + kLinePairs - 1) / kLinePairs * kLinePairs * 2;
    return std::move(place_);
  }

 private:
  /// Gives the children of `top` and some of what is below them a place in one line, and leaves the rest open.
  void FillLine(int32_t top, std::vector<int32_t>& open) {
    const size_t pairs = std::min<size_t>(pairs_below_[top], kLinePairs), used = next_pair_ % kLinePairs;
    if (used > 0 && used + pairs > kLinePairs) next_pair_ += kLinePairs - used;
    const auto more_below = [&](int32_t a, int32_t b) { return pairs_below_[a] > pairs_below_[b]; };
    std::vector<int32_t> below{top};  // greatest first
    for (size_t i = 0; i < pairs; ++i) {
      const TreeNode& node = tree_.nodes[below.front()];
      below.erase(below.begin());
      for (const int32_t child : {node.left, node.right}) {
        place_[child] = static_cast<uint32_t>(2 * next_pair_ + (child == node.right));
        if (pairs_below_[child] > 0)
          below.insert(std::upper_bound(below.begin(), below.end(), child, more_below), child);
      }
      ++next_pair_;
    }
    open.insert(open.end(), below.begin(), below.end());
  }

  const Tree& tree_;
  std::vector<uint32_t> pairs_below_;
  std::vector<uint32_t> place_;
  size_t next_pair_ = 0;
};

/// Appends the tree's nodes and returns their places.
std::vector<uint32_t> AddNodes(const Tree& tree, const SlotOf& slot_of, size_t targets, float absent, DeepLayout& out) {
  size_t size = 0;
  std::vector<uint32_t> places = Placer(tree).Places(size);
  const auto root = static_cast<uint32_t>(out.nodes.size());
  for (uint32_t& place : places) place += root;
  out.nodes.resize(out.nodes.size() + size);
  for (size_t i = 0; i < tree.nodes.size(); ++i) {
    const TreeNode& node = tree.nodes[i];
    DeepNode& deep = out.nodes[places[i]];
    if (!node.IsLeaf()) {
      deep.key = FloatKey(node.cut);
      deep.step = (places[node.left] - places[i]) << out.slot_bits | slot_of.at({node.feature, node.nan_right});
      continue;
    }
    deep.step = static_cast<uint32_t>(slot_of.size());
    std::vector<float> weights(targets, absent);
    for (const Weight& w : tree.LeafWeights(node.leaf)) weights[w.target] = static_cast<float>(w.value);
    if (targets == 1) {
      deep.key = std::bit_cast<int32_t>(weights[0]);
    } else {
      deep.key = static_cast<int32_t>(out.weights.size() / targets);
      out.weights.insert(out.weights.end(), weights.begin(), weights.end());
    }
  }
  return places;
}

}  // namespace

bool CanBeDeep(const std::vector<Tree>& trees, size_t targets) {
  const size_t most =
      size_t{1} << (32 - SlotBits(CollectSlots(trees).size()));  // places in a tree: half of them may be empty
  size_t nodes = 0, leaves = 0, weights = 0;
  for (const Tree& tree : trees) {
    if (!tree.sets.empty() || 2 * tree.nodes.size() >= most) return false;
    nodes += tree.nodes.size();
    leaves += tree.leaves();
    weights += tree.weights.size();
  }
  if (targets > 1 && leaves * targets > std::max(kMaxAbsent * weights, kMinWeights)) return false;
  return 2 * nodes <= std::numeric_limits<int32_t>::max();
}

DeepLayout LayOutDeep(const std::vector<Tree>& trees, size_t targets, float absent) {
  std::vector<Tree> tops;
  std::vector<std::vector<int32_t>> exits(trees.size());
  for (size_t t = 0; t < trees.size(); ++t) tops.push_back(TopOf(trees[t], exits[t]));
  std::vector<std::vector<uint32_t>> leaf_of;
  DeepLayout out(LayOutNumbers(tops, leaf_of));
  const SlotOf slot_of = CollectSlots(trees);
  for (const auto& [kind, slot] : slot_of) out.slots.push_back({kind.first, kind.second});
  out.slot_bits = SlotBits(out.slots.size());
  size_t nodes = 0;
  for (const Tree& tree : trees) nodes += tree.nodes.size();
  out.nodes.reserve(nodes + nodes / 4);
  out.exits.resize(trees.size() * kMaxLeaves);
  for (size_t t = 0; t < trees.size(); ++t) {
    out.roots.push_back(static_cast<uint32_t>(out.nodes.size()));
    const std::vector<uint32_t> places = AddNodes(trees[t], slot_of, targets, absent, out);
    for (size_t number = 0; number < leaf_of[t].size(); ++number)
      out.exits[t * kMaxLeaves + number] = places[exits[t][leaf_of[t][number]]];
  }
  return out;
}

}  // namespace lamina::forest
