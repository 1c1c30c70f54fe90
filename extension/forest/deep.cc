#include "extension/forest/deep.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <map>
#include <utility>

#include "extension/forest/block_workspace.h"
#include "extension/forest/kernels.h"
#include "extension/forest/lay_out.h"

namespace lamina::forest {
namespace {

constexpr int kTopDepth = 8;          // as many levels as leaf numbers have bits
constexpr size_t kMaxSlots = 256;     // DeepNode::slot
constexpr size_t kMaxRight = 1 << 24;  // DeepNode::right
constexpr size_t kWalkers = 8;        // rows that walk together: enough to hide what a load takes
constexpr size_t kMinSorted = 512;    // rows; fewer don't meet in subtrees often enough to pay for the sorting

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

/// The levels of a tree that the block kernels run: its leaves are the tree's own, or nodes of it from which rows walk on.
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

/// Appends the tree's nodes, in the same order: preorder already puts the left child next.
void AddNodes(const Tree& tree, const SlotOf& slot_of, size_t targets, float absent, DeepLayout& out) {
  for (size_t i = 0; i < tree.nodes.size(); ++i) {
    const TreeNode& node = tree.nodes[i];
    DeepNode& deep = out.nodes.emplace_back();
    if (!node.IsLeaf()) {
      deep.key = FloatKey(node.cut);
      deep.slot = slot_of.at({node.feature, node.nan_right});
      deep.right = static_cast<uint32_t>(node.right - static_cast<int32_t>(i)) & (kMaxRight - 1);
      continue;
    }
    std::vector<float> weights(targets, absent);
    for (const Weight& w : tree.LeafWeights(node.leaf)) weights[w.target] = static_cast<float>(w.value);
    if (targets == 1) {
      deep.key = std::bit_cast<int32_t>(weights[0]);
    } else {
      deep.key = static_cast<int32_t>(out.weights.size() / targets);
      out.weights.insert(out.weights.end(), weights.begin(), weights.end());
    }
  }
}

void MakeKeys(const DeepLayout& layout, const float* rows, size_t stride, size_t count, int32_t* keys) {
  constexpr int32_t kHighest = std::numeric_limits<int32_t>::max();
  for (size_t r = 0; r < count; ++r)
    for (const KeySlot& slot : layout.slots) {
      const float x = rows[r * stride + slot.feature];
      *keys++ = x != x && slot.nan_high ? kHighest : KeyOf(x);
    }
}

/// One step down: to the next node, or over the left side; none from a leaf. There is no branch for the CPU to guess in it.
inline const DeepNode* Step(const DeepNode* node, const int32_t* keys) {
  const uint32_t right = node->right, left = right != 0;
  uint32_t beyond = -static_cast<uint32_t>(keys[node->slot] > node->key);
  asm("" : "+r"(beyond));  // or compilers make a branch of it
  return node + (left + ((right - left) & beyond));
}

/// Takes kWalkers rows, each from its own node, down to their leaves.
inline void Descend(const DeepNode** node, const int32_t* const* keys) {
  for (bool moving = true; moving;) {
    for (int level = 0; level < 2; ++level)
      for (size_t k = 0; k < kWalkers; ++k) node[k] = Step(node[k], keys[k]);
    uint32_t open = 0;
    for (size_t k = 0; k < kWalkers; ++k) open |= node[k]->right;
    moving = open != 0;
  }
}

template <Aggregate kAggregate>
inline float Combine(float score, float weight) {
  if (kAggregate == Aggregate::kMin) return weight < score ? weight : score;
  if (kAggregate == Aggregate::kMax) return weight > score ? weight : score;
  return score + weight;
}

template <Aggregate kAggregate>
inline void AddLeaf(const DeepLayout& layout, const DeepNode& leaf, size_t targets, float* score) {
  if (targets == 1) {
    *score = Combine<kAggregate>(*score, std::bit_cast<float>(leaf.key));
    return;
  }
  const float* weights = layout.weights.data() + static_cast<size_t>(leaf.key) * targets;
  for (size_t k = 0; k < targets; ++k) score[k] = Combine<kAggregate>(score[k], weights[k]);
}

/// Rows by the number of the subtree that they walk on in.
void SortByNumber(const uint8_t* numbers, size_t count, uint32_t* order) {
  std::array<uint32_t, kMaxLeaves> next{};
  for (size_t r = 0; r < count; ++r) ++next[numbers[r]];
  uint32_t sum = 0;
  for (uint32_t& n : next) sum += std::exchange(n, sum);
  for (size_t r = 0; r < count; ++r) order[next[numbers[r]]++] = static_cast<uint32_t>(r);
}

struct Rest {
  const DeepLayout& layout;
  const int32_t* keys;
  size_t count, targets;
  std::vector<uint32_t> order;
};

/// One tree, from where its top left the rows.
template <Aggregate kAggregate>
void WalkOn(Rest& rest, size_t tree, const uint8_t* numbers, float* scores) {
  const DeepLayout& layout = rest.layout;
  const uint32_t* exits = layout.exits.data() + tree * kMaxLeaves;
  const size_t slots = layout.slots.size();
  if (rest.count >= kMinSorted) SortByNumber(numbers, rest.count, rest.order.data());
  for (size_t first = 0; first < rest.count; first += kWalkers) {
    const DeepNode* node[kWalkers];
    const int32_t* keys[kWalkers];
    uint32_t row[kWalkers];
    for (size_t k = 0; k < kWalkers; ++k) {
      row[k] = rest.order[std::min(first + k, rest.count - 1)];
      node[k] = layout.nodes.data() + exits[numbers[row[k]]];
      keys[k] = rest.keys + row[k] * slots;
    }
    Descend(node, keys);
    for (size_t k = 0; k < std::min(kWalkers, rest.count - first); ++k) AddLeaf<kAggregate>(layout, *node[k], rest.targets, scores + row[k] * rest.targets);
  }
}

template <Aggregate kAggregate>
void WalkOnAll(Rest& rest, const uint8_t* numbers, size_t stride, float* scores) {
  for (size_t t = 0; t < rest.layout.roots.size(); ++t) WalkOn<kAggregate>(rest, t, numbers + t * stride, scores);
}

}  // namespace

bool CanBeDeep(const std::vector<Tree>& trees) {
  size_t nodes = 0;
  for (const Tree& tree : trees) {
    if (!tree.sets.empty() || tree.nodes.size() >= kMaxRight) return false;
    nodes += tree.nodes.size();
  }
  return nodes <= std::numeric_limits<int32_t>::max() && CollectSlots(trees).size() <= kMaxSlots;
}

DeepLayout LayOutDeep(const std::vector<Tree>& trees, size_t targets, float absent) {
  std::vector<Tree> tops;
  std::vector<std::vector<int32_t>> exits(trees.size());
  for (size_t t = 0; t < trees.size(); ++t) tops.push_back(TopOf(trees[t], exits[t]));
  std::vector<std::vector<uint32_t>> leaf_of;
  DeepLayout out(LayOutNumbers(tops, leaf_of));
  const SlotOf slot_of = CollectSlots(trees);
  for (const auto& [kind, slot] : slot_of) out.slots.push_back({kind.first, kind.second});
  out.exits.resize(trees.size() * kMaxLeaves);
  for (size_t t = 0; t < trees.size(); ++t) {
    const auto root = static_cast<uint32_t>(out.nodes.size());
    out.roots.push_back(root);
    for (size_t number = 0; number < leaf_of[t].size(); ++number) out.exits[t * kMaxLeaves + number] = root + static_cast<uint32_t>(exits[t][leaf_of[t][number]]);
    AddNodes(trees[t], slot_of, targets, absent, out);
  }
  return out;
}

void PredictDeep(const Layout& layout, const float* rows, size_t stride, size_t count, float* scores) {
  const DeepLayout& deep = *layout.deep;
  const Kernels& kernels = *ChosenKernels();
  const size_t number_stride = (count + deep.tops.rows) / kVectorBytes * kVectorBytes + kVectorBytes;
  std::vector<uint8_t> numbers(deep.roots.size() * number_stride);
  for (size_t r = 0; r < count; r += deep.tops.rows) {
    const auto workspace = BorrowWorkspace(layout.workspaces, deep.tops, 0);
    const size_t part = std::min<size_t>(deep.tops.rows, count - r);
    kernels.rank_rows(deep.tops, rows + r * stride, stride, part, workspace.bytes());
    kernels.number_rows(deep.tops, part, workspace.bytes(), numbers.data() + r, number_stride);
  }
  std::vector<int32_t> keys(count * deep.slots.size());
  MakeKeys(deep, rows, stride, count, keys.data());
  Rest rest{deep, keys.data(), count, layout.targets, std::vector<uint32_t>(count)};
  for (size_t r = 0; r < count; ++r) rest.order[r] = static_cast<uint32_t>(r);
  std::fill_n(scores, count * layout.targets, StartOf(layout.aggregate));
  if (layout.aggregate == Aggregate::kMin) return WalkOnAll<Aggregate::kMin>(rest, numbers.data(), number_stride, scores);
  if (layout.aggregate == Aggregate::kMax) return WalkOnAll<Aggregate::kMax>(rest, numbers.data(), number_stride, scores);
  WalkOnAll<Aggregate::kSum>(rest, numbers.data(), number_stride, scores);
}

}  // namespace lamina::forest
