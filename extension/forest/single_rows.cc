#include "extension/forest/single_rows.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "extension/forest/row_features.h"
#include "extension/forest/tree_tails.h"

namespace lamina::forest {
namespace {

constexpr uint32_t kMaxColumns = 256;
constexpr size_t kMinLanes = 4;  // trees; fewer are quicker one by one

/// Trees that can share lanes.
struct Kind {
  bool oblivious = false;
  int depth = 0;
  friend auto operator<=>(const Kind&, const Kind&) = default;
};

class SingleMaker {
 public:
  SingleMaker(const std::vector<Tree>& trees, const BlockLayout& layout, float absent)
      : trees_(trees), layout_(layout), absent_(absent) {
    for (const Run& run : layout.runs)
      for (uint32_t t = run.begin; t < run.end; ++t) oblivious_.push_back(run.kernel == Kernel::kOblivious);
    AddRowFeatures(layout.ranks, out_);
    column_of_ = AddSetAnswers(trees, layout.ranks, out_);
  }

  void AddSection(uint32_t begin, uint32_t end) {
    std::map<Kind, std::vector<uint32_t>> lanes;
    std::map<int, std::vector<uint32_t>> heaps;  // by depth
    std::vector<uint32_t> small, medium, alone, walked;
    const auto keep_apart = [&](uint32_t t) {
      const size_t leaves = trees_[t].sets.empty() ? trees_[t].leaves() : kMaxLeaves;
      (leaves <= 32 ? small : leaves <= 64 ? medium : alone).push_back(t);
    };
    for (uint32_t t = begin; t < end; ++t) {
      const bool sets = !trees_[t].sets.empty();
      if (sets && !column_of_.empty() && HasTails(trees_[t])) {
        heaps[trees_[t].depth].push_back(t);
      } else if (sets) {
        (column_of_.empty() ? alone : walked).push_back(t);
      } else if (trees_[t].depth > kMaxCompleteDepth) {
        keep_apart(t);
      } else {
        lanes[KindOf(t)].push_back(t);
      }
    }
    next_place_ = 0;
    lookups_of_.assign(end - begin, {});
    first_tree_ = begin;
    for (const auto& [kind, members] : lanes) {
      size_t i = 0;
      for (; i < members.size() && members.size() - i >= kMinLanes; i += kVectorBytes)
        AddLanes(kind, std::span(members).subspan(i, std::min<size_t>(kVectorBytes, members.size() - i)));
      for (; i < members.size(); ++i) keep_apart(members[i]);
    }
    for (const auto& [depth, members] : heaps) AddHeaps(depth, members);
    AddMasked(small, out_.small);
    AddMasked(medium, out_.medium);
    for (const uint32_t t : alone) AddTree(t);
    for (const uint32_t t : walked) AddWalked(t);
    EndSection();
  }

  SingleLayout Finish() { return std::move(out_); }

 private:
  struct Visited {
    uint32_t node;  // or kMaxLeaves + leaf
    uint32_t first_leaf;
  };

  /// True if the lanes from `first` on are all trees of the section, in their order, and one target's only weights.
  bool IsStraight(size_t first) const {
    size_t t = 0;
    for (size_t i = first; i < out_.lanes.size(); ++i) {
      const TreeLanes& lanes = out_.lanes[i];
      for (uint32_t lane = 0; lane < lanes.trees; ++lane, ++t) {
        const uint32_t values = lanes.tails == Tails::kWeights ? kWeighed : lanes.values + (lane << lanes.value_bits);
        const SingleLookup wanted{lanes.place + lane, values, 0};
        if (t == lookups_of_.size() || lookups_of_[t].size() != 1 || lookups_of_[t][0] != wanted) return false;
      }
    }
    return t == lookups_of_.size();
  }

  void EndSection() {
    out_.straight &= IsStraight(out_.sections.empty() ? 0 : out_.sections.back().lanes_end);
    bool weighed = true;
    uint32_t next = 0;
    for (const auto& lookups : lookups_of_)
      for (const SingleLookup& lookup : lookups) {
        weighed &= lookup.values == kWeighed && lookup.place == next++;
        out_.lookups.push_back(lookup);
      }
    const auto size = [](const auto& of) { return static_cast<uint32_t>(of.size()); };
    out_.sections.push_back({size(out_.lanes), size(out_.heap_groups), size(out_.masked), size(out_.trees),
                             size(out_.walked), size(out_.lookups), weighed});
  }

  static uint32_t Rounded(uint32_t count) { return (count + kVectorBytes - 1) / kVectorBytes * kVectorBytes; }

  void AddWalked(uint32_t t) {
    const Tree& tree = trees_[t];
    const auto leaves = static_cast<uint32_t>(tree.leaves());
    WalkedTree walked{.first = static_cast<uint32_t>(out_.walk_nodes.size()),
                      .branches = leaves - 1,
                      .depth = static_cast<uint32_t>(tree.depth)};
    walked.place = TakePlaces(1);
    std::vector<uint16_t> at(tree.nodes.size());
    uint16_t branches = 0;
    for (size_t i = 0; i < at.size(); ++i)
      at[i] = static_cast<uint16_t>(tree.nodes[i].IsLeaf() ? walked.branches + tree.nodes[i].leaf : branches++);
    out_.walk_nodes.resize(out_.walk_nodes.size() + at.size());
    for (size_t i = 0; i < at.size(); ++i) {
      const TreeNode& node = tree.nodes[i];
      WalkNode& walk = out_.walk_nodes[walked.first + at[i]];
      if (node.IsLeaf()) {
        walk.next = {at[i], at[i]};
        continue;
      }
      const Place place = layout_.ranks.PlaceOf(node);
      walk.column = static_cast<uint16_t>(node.set >= 0 ? column_of_.at(tree.sets[node.set]) : place.column);
      walk.threshold = place.threshold;
      walk.next = {at[node.left], at[node.right]};
    }
    out_.walked.push_back(walked);
    std::vector<uint32_t> leaf_of(leaves);
    std::iota(leaf_of.begin(), leaf_of.end(), 0u);
    AddLookups(t, walked.place, leaf_of);
  }

  /// Depths that have no code of their own are padded.
  Kind KindOf(uint32_t t) const {
    const int depth = std::max(trees_[t].depth, kMinCompleteDepth);
    const bool oblivious = oblivious_[t];
    return {oblivious, !oblivious && depth > static_cast<int>(kMaxLaneLevels) ? kMaxCompleteDepth : depth};
  }

  PlaceOfBranch PlacesIn(const Tree& tree) const {
    return [this, &tree](const TreeNode& node) {
      Place place = layout_.ranks.PlaceOf(node);
      if (node.set >= 0) place.column = column_of_.at(tree.sets[node.set]);
      return place;
    };
  }

  void AddHeaps(int depth, std::span<const uint32_t> members) {
    TreeHeaps heaps{.levels = static_cast<uint32_t>(depth) - 2,
                    .trees = static_cast<uint32_t>(members.size()),
                    .first = static_cast<uint32_t>(out_.heaps.size()),
                    .first_tail = static_cast<uint32_t>(out_.tree_tails.size()),
                    .place = TakePlaces(static_cast<uint32_t>(members.size()))};
    for (uint32_t i = 0; i < members.size(); ++i) {
      AddHeap(trees_[members[i]], heaps.levels, PlacesIn(trees_[members[i]]), out_.heaps);
      AddWeighed(members[i], heaps.levels, heaps.place + i);
    }
    out_.heaps.resize(out_.heaps.size() + (size_t{kHeapsTogether} << heaps.levels));  // walked, and not weighed
    out_.heap_groups.push_back(heaps);
  }

  void AddWeighed(uint32_t t, uint32_t levels, uint32_t place) {
    const Tree& tree = trees_[t];
    AddTails(tree, levels, PlacesIn(tree), absent_, out_.tree_tails);
    for (uint32_t leaf = 0;; ++leaf) {  // the first that has a weight tells the target
      const auto weights = tree.LeafWeights(leaf);
      if (!weights.empty()) return lookups_of_[t - first_tree_].push_back({place, kWeighed, weights.front().target});
    }
  }

  Tails TailsOf(Kind kind, std::span<const uint32_t> members) const {
    if (kind.oblivious || kind.depth <= static_cast<int>(kMaxLaneLevels)) return Tails::kNone;
    const bool all = std::all_of(members.begin(), members.end(), [&](uint32_t t) { return HasTails(trees_[t]); });
    return all ? Tails::kWeights : Tails::kNodes;
  }

  void AddLanes(Kind kind, std::span<const uint32_t> members) {
    TreeLanes lanes{.oblivious = kind.oblivious,
                    .trees = static_cast<uint32_t>(members.size()),
                    .first = static_cast<uint32_t>(out_.planes.size())};
    lanes.tails = TailsOf(kind, members);
    lanes.levels = static_cast<uint32_t>(kind.depth) - (lanes.tails == Tails::kNone ? 0 : 2);
    lanes.first_tail =
        static_cast<uint32_t>(lanes.tails == Tails::kWeights ? out_.tree_tails.size() : out_.tails.size());
    lanes.place = TakePlaces(kVectorBytes);
    lanes.values = static_cast<uint32_t>(out_.values.size());
    lanes.value_bits = static_cast<uint32_t>(kind.depth);
    const uint32_t nodes = kind.oblivious ? lanes.levels : (1u << lanes.levels) - 1;
    out_.planes.resize(out_.planes.size() + size_t{2} * kVectorBytes * nodes);
    for (uint32_t lane = 0; lane < members.size(); ++lane) {
      const Tree& tree = trees_[members[lane]];
      kind.oblivious ? FillOblivious(members[lane], lanes, lane) : FillComplete(tree, lanes, lane);
      if (lanes.tails == Tails::kNodes) AddNodeTails(tree);
      if (lanes.tails == Tails::kWeights) {
        AddWeighed(members[lane], lanes.levels, lanes.place + lane);
        continue;
      }
      std::vector<uint32_t> leaf_of;
      for (uint32_t number = 0; number < 1u << kind.depth; ++number)
        leaf_of.push_back(tree.nodes[NodeAt(tree, number, kind.depth)].leaf);
      AddLookups(members[lane], lanes.place + lane, leaf_of);
    }
    out_.lanes.push_back(lanes);
  }

  void FillPlane(const TreeLanes& lanes, uint32_t node, uint32_t lane, Place place) {
    uint8_t* plane = out_.planes.data() + lanes.first + size_t{2} * kVectorBytes * node;
    plane[lane] = static_cast<uint8_t>(place.column);
    plane[kVectorBytes + lane] = static_cast<uint8_t>(place.threshold);
  }

  void FillOblivious(uint32_t t, const TreeLanes& lanes, uint32_t lane) {
    for (uint32_t level = 0; level < lanes.levels; ++level) {
      const Test& test = layout_.tests[layout_.trees[t].first + level];
      FillPlane(lanes, level, lane, {test.column / layout_.rows, static_cast<int8_t>(test.threshold & 0xFF)});
    }
  }

  void FillComplete(const Tree& tree, const TreeLanes& lanes, uint32_t lane) {
    for (uint32_t level = 0, node = 0; level < lanes.levels; ++level)
      for (uint32_t k = 0; k < 1u << level; ++k)
        FillPlane(lanes, node++, lane, PlaceAt(tree, k, static_cast<int>(level), PlacesIn(tree)));
  }

  void AddNodeTails(const Tree& tree) {
    const PlaceOfBranch places = PlacesIn(tree);
    constexpr int kLevel = kMaxLaneLevels;
    const auto bytes = [](Place place) {
      return uint64_t{static_cast<uint8_t>(place.column)} | uint64_t{static_cast<uint8_t>(place.threshold)} << 8;
    };
    for (uint32_t k = 0; k < 1u << kLevel; ++k)
      out_.tails.push_back(bytes(PlaceAt(tree, k, kLevel, places)) |
                           bytes(PlaceAt(tree, 2 * k, kLevel + 1, places)) << 16 |
                           bytes(PlaceAt(tree, 2 * k + 1, kLevel + 1, places)) << 32);
  }

  uint32_t TakePlaces(uint32_t count) {
    next_place_ += count;
    return next_place_ - count;
  }

  void AddLookups(uint32_t t, uint32_t place, const std::vector<uint32_t>& leaf_of) {
    std::map<uint32_t, std::vector<float>> by_target;
    for (size_t number = 0; number < leaf_of.size(); ++number)
      for (const Weight& w : trees_[t].LeafWeights(leaf_of[number]))
        by_target.try_emplace(w.target, leaf_of.size(), absent_).first->second[number] = static_cast<float>(w.value);
    for (const auto& [target, values] : by_target) {
      lookups_of_[t - first_tree_].push_back({place, static_cast<uint32_t>(out_.values.size()), target});
      out_.values.insert(out_.values.end(), values.begin(), values.end());
    }
  }

  template <uint32_t kWords>
  void AddMasked(std::span<const uint32_t> members, std::vector<MaskedTree<kWords>>& trees) {
    if (members.empty()) return;
    MaskedTrees masked{.words = kWords,
                       .first = static_cast<uint32_t>(trees.size()),
                       .trees = static_cast<uint32_t>(members.size()),
                       .place = TakePlaces(static_cast<uint32_t>(members.size()))};
    for (uint32_t i = 0; i < members.size(); ++i) {
      const Tree& tree = trees_[members[i]];
      trees.push_back(MaskTree<kWords>(tree, layout_.ranks));
      std::vector<uint32_t> leaf_of(tree.leaves());
      std::iota(leaf_of.begin(), leaf_of.end(), 0u);
      AddLookups(members[i], masked.place + i, leaf_of);
    }
    out_.masked.push_back(masked);
  }

  void AddTree(uint32_t t) {
    const Tree& tree = trees_[t];
    const auto leaves = static_cast<uint32_t>(tree.leaves());
    SingleTree single = Begin(leaves - 1);
    single.place = TakePlaces(1);
    single.first_next = static_cast<uint32_t>(out_.next.size());
    out_.next.resize(out_.next.size() + size_t{2} * (leaves - 1));
    single.root = Visit(tree, layout_.trees[t], 0, single).node;
    out_.trees.push_back(single);
    std::vector<uint32_t> leaf_of(leaves);
    std::iota(leaf_of.begin(), leaf_of.end(), 0u);
    AddLookups(t, single.place, leaf_of);
  }

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

  Visited Visit(const Tree& tree, const LaidTree& laid, int32_t i, SingleTree& single) {
    const TreeNode& node = tree.nodes[i];
    if (node.IsLeaf()) return {kMaxLeaves + node.leaf, node.leaf};
    const Visited left = Visit(tree, laid, node.left, single), right = Visit(tree, laid, node.right, single);
    const uint32_t me = right.first_leaf - 1;
    const Place place = layout_.ranks.PlaceOf(node);
    if (!AddSet(laid, me, place, single)) SetNode(single, me, place);
    out_.next[single.first_next + 2 * me] = static_cast<uint16_t>(left.node);
    out_.next[single.first_next + 2 * me + 1] = static_cast<uint16_t>(right.node);
    return {me, left.first_leaf};
  }

  const std::vector<Tree>& trees_;
  const BlockLayout& layout_;
  const float absent_;
  std::vector<char> oblivious_;
  SetColumns column_of_;  // empty: trees with sets are not walked
  uint32_t next_place_ = 0, first_tree_ = 0;
  std::vector<std::vector<SingleLookup>> lookups_of_;  // of a section, a tree each
  SingleLayout out_;
};

}  // namespace

void LayOutSingleRows(const std::vector<Tree>& trees, float absent, BlockLayout& layout) {
  if (layout.ranks.columns() + layout.ranks.slots() > kMaxColumns) return;
  SingleMaker maker(trees, layout, absent);
  const auto count = static_cast<uint32_t>(trees.size());
  for (uint32_t t = 0; t < count; t += kSectionTrees) maker.AddSection(t, std::min(count, t + kSectionTrees));
  layout.single = maker.Finish();
}

}  // namespace lamina::forest
