#include "extension/forest/single_rows.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace lamina::forest {
namespace {

constexpr uint32_t kMaxColumns = 256;

class SingleMaker {
 public:
  explicit SingleMaker(const BlockLayout& layout) : layout_(layout) {}

  /// Complete and oblivious trees: the tests as the block kernels have them.
  void AddTests(const LaidTree& laid) {
    SingleTree single = Begin(laid.count);
    for (uint32_t i = 0; i < laid.count; ++i) {
      const Test& test = layout_.tests[laid.first + i];
      SetNode(single, i, {test.column / layout_.rows, static_cast<int8_t>(test.threshold & 0xFF)});
    }
    out_.trees.push_back(single);
  }

  void AddProgram(const Tree& tree, const LaidTree& laid) {
    const auto leaves = static_cast<uint32_t>(tree.leaves());
    SingleTree single = Begin(leaves - 1);
    single.mask_words = leaves <= 64 ? (leaves + 31) / 32 : 0;
    single.first_mask = static_cast<uint32_t>(out_.masks.size());
    single.first_next = static_cast<uint32_t>(out_.next.size());
    const uint32_t rounded = Rounded(single.count);
    out_.masks.resize(out_.masks.size() + size_t{single.mask_words} * rounded, ~0u);
    if (single.mask_words == 0) out_.next.resize(out_.next.size() + size_t{2} * (leaves - 1));
    single.root = Visit(tree, laid, 0, single, rounded).node;
    out_.trees.push_back(single);
  }

  SingleLayout Finish() {
    out_.values.resize(layout_.tables.size() / 4);
    for (const LaidTree& tree : layout_.trees)
      for (uint32_t i = 0; i < tree.lookups; ++i) {
        const uint32_t at = layout_.lookups[tree.first_lookup + i].tables, room = TableRoom(tree.entries);
        for (uint32_t leaf = 0; leaf < tree.entries; ++leaf) {
          uint8_t bytes[4];
          for (uint32_t k = 0; k < 4; ++k) bytes[k] = layout_.tables[at + k * room + leaf];
          std::memcpy(&out_.values[at / 4 + leaf], bytes, 4);
        }
      }
    return std::move(out_);
  }

 private:
  struct Visited {
    uint32_t node;  // or kMaxLeaves + leaf
    uint32_t first_leaf;
  };

  static uint32_t Rounded(uint32_t count) { return (count + kVectorBytes - 1) / kVectorBytes * kVectorBytes; }

  /// Nodes that round a tree up to whole vectors always answer "left".
  SingleTree Begin(uint32_t count) {
    SingleTree single{.first = static_cast<uint32_t>(out_.columns.size()), .count = count};
    single.first_set = static_cast<uint32_t>(out_.sets.size());
    out_.columns.resize(out_.columns.size() + Rounded(count));
    out_.thresholds.resize(out_.columns.size(), 127);
    return single;
  }

  void SetNode(const SingleTree& single, uint32_t i, Place place) {
    out_.columns[single.first + i] = static_cast<uint8_t>(place.column);
    out_.thresholds[single.first + i] = place.threshold;
  }

  /// If node i asks for a set, notes it. Among the others its answer stays "left".
  bool AddSet(const LaidTree& laid, uint32_t i, Place place, SingleTree& single) {
    if (place.column < layout_.ranks.columns()) return false;
    SingleSet set{.node = i};
    for (uint32_t t = laid.first_set_test; t < laid.first_set_test + laid.set_tests; ++t) {
      if (layout_.ranks.columns() + layout_.set_tests[t].slot != place.column) continue;
      if (set.tests++ == 0) set.first_test = t;  // a set's tests follow each other
    }
    out_.sets.push_back(set);
    ++single.sets;
    return true;
  }

  Visited Visit(const Tree& tree, const LaidTree& laid, int32_t i, SingleTree& single, uint32_t rounded) {
    const TreeNode& node = tree.nodes[i];
    if (node.IsLeaf()) return {kMaxLeaves + node.leaf, node.leaf};
    const Visited left = Visit(tree, laid, node.left, single, rounded), right = Visit(tree, laid, node.right, single, rounded);
    const uint32_t me = right.first_leaf - 1;
    const Place place = layout_.ranks.PlaceOf(node);
    if (!AddSet(laid, me, place, single)) SetNode(single, me, place);
    for (uint32_t leaf = left.first_leaf; leaf <= me && single.mask_words > 0; ++leaf)
      out_.masks[single.first_mask + leaf / 32 * rounded + me] &= ~(1u << (leaf % 32));
    if (single.mask_words == 0) {
      out_.next[single.first_next + 2 * me] = static_cast<uint16_t>(left.node);
      out_.next[single.first_next + 2 * me + 1] = static_cast<uint16_t>(right.node);
    }
    return {me, left.first_leaf};
  }

  const BlockLayout& layout_;
  SingleLayout out_;
};

}  // namespace

void LayOutSingleRows(const std::vector<Tree>& trees, BlockLayout& layout) {
  if (layout.ranks.columns() + layout.ranks.slots() > kMaxColumns) return;
  SingleMaker maker(layout);
  for (const Run& run : layout.runs)
    for (uint32_t t = run.begin; t < run.end; ++t) run.kernel == Kernel::kProgram ? maker.AddProgram(trees[t], layout.trees[t]) : maker.AddTests(layout.trees[t]);
  layout.single = maker.Finish();
}

}  // namespace lamina::forest
