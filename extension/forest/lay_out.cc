#include "extension/forest/lay_out.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <map>

#include "extension/forest/single_rows.h"

namespace lamina::forest {
namespace {

/// What a node of a program costs beside one of a complete tree, measured: it loads its operands and stores its answer.
constexpr double kProgramNodeCost = 2;

uint32_t Spread4(int8_t byte) { return uint32_t{static_cast<uint8_t>(byte)} * 0x01010101u; }

class BlockMaker {
 public:
  BlockMaker(const std::vector<Tree>& trees, float absent) : out_(trees), absent_(absent) {
    const uint32_t columns = out_.ranks.columns() + out_.ranks.slots();
    out_.rows = columns <= 40 ? 512 : columns <= 128 ? 256 : 128;
    out_.stack = 1;
  }

  /// Returns the leaf for each number that the tree's kernel gives.
  std::vector<uint32_t> Add(const Tree& tree) {
    LaidTree laid;
    const std::vector<SetTest> set_tests = out_.ranks.TestsOf(tree);
    laid.first_set_test = static_cast<uint32_t>(out_.set_tests.size());
    laid.set_tests = static_cast<uint32_t>(set_tests.size());
    out_.set_tests.insert(out_.set_tests.end(), set_tests.begin(), set_tests.end());
    const int depth = std::max(tree.depth, kMinCompleteDepth);
    std::vector<uint32_t> leaf_of;
    Kernel kernel = Kernel::kProgram;
    if (tree.depth <= kMaxCompleteDepth && AddOblivious(tree, depth, laid, leaf_of)) {
      kernel = Kernel::kOblivious;
    } else if (tree.depth <= kMaxCompleteDepth &&
               (1 << depth) - 1 <= kProgramNodeCost * static_cast<double>(tree.leaves() - 1)) {
      kernel = Kernel::kComplete;
      AddComplete(tree, depth, laid, leaf_of);
    } else {
      AddProgram(tree, laid, leaf_of);
    }
    AddLookups(tree, leaf_of, laid);
    AddToRun(kernel, kernel == Kernel::kProgram ? 0 : depth);
    out_.trees.push_back(laid);
    return leaf_of;
  }

  BlockLayout Finish() {
    for (const Run& run : out_.runs)
      for (uint32_t t = run.begin; t < run.end; t += out_.trees[t].together) AddTogether(t, run.end);
    return std::move(out_);
  }

 private:
  /// Finds how many trees from the first on can be added together.
  void AddTogether(uint32_t first, uint32_t end) {
    LaidTree& tree = out_.trees[first];
    const auto follows = [&](const LaidTree& next) {
      return tree.lookups == 1 && next.lookups == 1 && next.entries == tree.entries &&
             out_.lookups[next.first_lookup].target == out_.lookups[tree.first_lookup].target;
    };
    while (tree.together < kTreesTogether && first + tree.together < end && follows(out_.trees[first + tree.together]))
      ++tree.together;
  }

  Test TestOf(const TreeNode& node) const {
    const Place place = out_.ranks.PlaceOf(node);
    return {place.column * out_.rows, Spread4(place.threshold)};
  }

  void AddToRun(Kernel kernel, int depth) {
    const auto at = static_cast<uint32_t>(out_.trees.size());
    if (out_.runs.empty() || out_.runs.back().kernel != kernel || out_.runs.back().depth != depth)
      out_.runs.push_back({kernel, depth, at, at});
    out_.runs.back().end = at + 1;
  }

  /// True if all nodes of a level ask the same. Number bits: the first level's answer is the highest.
  bool AddOblivious(const Tree& tree, int depth, LaidTree& laid, std::vector<uint32_t>& leaf_of) {
    std::vector<Test> levels(depth, Test{0, Spread4(127)});
    std::vector<char> seen(depth);
    bool same = true;
    const std::function<void(int, int)> visit = [&](int i, int level) {
      const TreeNode& node = tree.nodes[i];
      if (node.IsLeaf() || !same) return;
      const Test test = TestOf(node);
      if (seen[level] && (levels[level].column != test.column || levels[level].threshold != test.threshold))
        same = false;
      levels[level] = test;
      seen[level] = 1;
      visit(node.left, level + 1);
      visit(node.right, level + 1);
    };
    visit(0, 0);
    if (!same) return false;
    leaf_of.resize(size_t{1} << depth);
    for (uint32_t number = 0; number < leaf_of.size(); ++number) {
      int at = 0;
      for (int level = 0; !tree.nodes[at].IsLeaf(); ++level)
        at = number >> (depth - 1 - level) & 1 ? tree.nodes[at].right : tree.nodes[at].left;
      leaf_of[number] = tree.nodes[at].leaf;
    }
    laid.first = static_cast<uint32_t>(out_.tests.size());
    laid.count = static_cast<uint32_t>(depth);
    out_.tests.insert(out_.tests.end(), levels.begin(), levels.end());
    return true;
  }

  /// Padded to a complete tree: below a leaf, both sides lead to it.
  void AddComplete(const Tree& tree, int depth, LaidTree& laid, std::vector<uint32_t>& leaf_of) {
    const uint32_t size = 1u << depth;
    laid.first = static_cast<uint32_t>(out_.tests.size());
    laid.count = size;
    out_.tests.resize(out_.tests.size() + size, Test{0, Spread4(127)});
    leaf_of.resize(size);
    const std::function<void(int, uint32_t)> fill = [&](int i, uint32_t k) {
      const TreeNode& node = tree.nodes[i];
      if (k >= size) {
        leaf_of[k - size] = node.leaf;
        return;
      }
      if (!node.IsLeaf()) out_.tests[laid.first + PlaceOfTest(k, depth)] = TestOf(node);
      fill(node.IsLeaf() ? i : node.left, 2 * k);
      fill(node.IsLeaf() ? i : node.right, 2 * k + 1);
    };
    fill(0, 1);
  }

  void AddProgram(const Tree& tree, LaidTree& laid, std::vector<uint32_t>& leaf_of) {
    const uint32_t step = out_.rows / kVectorBytes;
    laid.first = static_cast<uint32_t>(out_.ops.size());
    leaf_of.resize(tree.leaves());
    for (uint32_t i = 0; i < leaf_of.size(); ++i) leaf_of[i] = i;
    std::vector<int> need(tree.nodes.size());  // places on the stack: the side that needs more goes first
    for (size_t i = tree.nodes.size(); i-- > 0;) {
      const TreeNode& node = tree.nodes[i];
      if (node.IsLeaf()) continue;
      const int l = need[node.left], r = need[node.right];
      need[i] = std::max({1, l, r, l == r && l > 0 ? l + 1 : 0});
    }
    const auto place = [&](int i, uint32_t slot) {
      return static_cast<uint16_t>(tree.nodes[i].IsLeaf() ? tree.nodes[i].leaf : kMaxLeaves + slot * step);
    };
    const std::function<void(int, uint32_t)> emit = [&](int i, uint32_t slot) {
      const TreeNode& node = tree.nodes[i];
      if (node.IsLeaf()) return;
      out_.stack = std::max(out_.stack, slot + 1);
      const bool left_first = need[node.left] >= need[node.right];
      const int first = left_first ? node.left : node.right, second = left_first ? node.right : node.left;
      const uint32_t second_slot = slot + !tree.nodes[first].IsLeaf();
      emit(first, slot);
      emit(second, second_slot);
      const uint32_t left_slot = left_first ? slot : second_slot, right_slot = left_first ? second_slot : slot;
      out_.ops.push_back({TestOf(node), static_cast<uint16_t>(kMaxLeaves + slot * step), place(node.left, left_slot),
                          place(node.right, right_slot), !tree.nodes[node.left].IsLeaf(),
                          !tree.nodes[node.right].IsLeaf()});
    };
    emit(0, 0);
    if (tree.nodes[0].IsLeaf()) out_.ops.push_back({{0, Spread4(127)}, static_cast<uint16_t>(kMaxLeaves), 0, 0, 0, 0});
    laid.count = static_cast<uint32_t>(out_.ops.size()) - laid.first;
  }

  void AddLookups(const Tree& tree, const std::vector<uint32_t>& leaf_of, LaidTree& laid) {
    laid.entries = std::max(kTableEntries, std::bit_ceil(static_cast<uint32_t>(leaf_of.size())));
    laid.first_lookup = static_cast<uint32_t>(out_.lookups.size());
    std::map<uint32_t, std::vector<float>> by_target;
    for (size_t number = 0; number < leaf_of.size(); ++number)
      for (const Weight& w : tree.LeafWeights(leaf_of[number])) {
        auto& values = by_target.try_emplace(w.target, leaf_of.size(), absent_).first->second;
        values[number] = static_cast<float>(w.value);
      }
    const uint32_t room = TableRoom(laid.entries);
    for (const auto& [target, values] : by_target) {
      const size_t at = out_.tables.size();
      out_.tables.resize(at + size_t{4} * room);
      out_.lookups.push_back({target, static_cast<uint32_t>(at)});
      for (size_t i = 0; i < values.size(); ++i) {
        uint8_t bytes[4];
        std::memcpy(bytes, &values[i], 4);
        for (size_t k = 0; k < 4; ++k) out_.tables[at + k * room + i] = bytes[k];
      }
    }
    laid.lookups = static_cast<uint32_t>(out_.lookups.size()) - laid.first_lookup;
  }

  BlockLayout out_;
  const float absent_;
};

/// Copies parts of a tree into a new one.
class PieceMaker {
 public:
  explicit PieceMaker(const Tree& tree) : tree_(tree), leaves_below_(tree.nodes.size()) {
    for (size_t i = tree.nodes.size(); i-- > 0;) {
      const TreeNode& node = tree.nodes[i];
      leaves_below_[i] = node.IsLeaf() ? 1 : leaves_below_[node.left] + leaves_below_[node.right];
    }
  }

  std::vector<Tree> Cut() {
    Visit(0);
    return std::move(pieces_);
  }

 private:
  /// A side that fits is a piece with the way that led to it, of which each step has one leaf beside it.
  void Visit(int32_t i) {
    if (leaves_below_[i] + path_.size() <= kMaxLeaves) return AddPiece(i);
    const TreeNode& node = tree_.nodes[i];
    if (node.IsLeaf()) return AddPiece(i);
    path_.push_back({i, false});
    Visit(node.left);
    path_.back().right = true;
    Visit(node.right);
    path_.pop_back();
  }

  void AddPiece(int32_t top) {
    piece_ = Tree();
    piece_.sets = tree_.sets;
    CopyPath(0, top);
    KeepUsedSets(piece_);
    pieces_.push_back(std::move(piece_));
  }

  int32_t CopyPath(size_t level, int32_t top) {
    if (level == path_.size()) return Copy(top, static_cast<int>(level));
    const auto me = static_cast<int32_t>(piece_.nodes.size());
    piece_.nodes.push_back(tree_.nodes[path_[level].node]);
    const bool right = path_[level].right;
    const int32_t l = right ? AddLeaf({}, static_cast<int>(level) + 1) : CopyPath(level + 1, top);
    const int32_t r = right ? CopyPath(level + 1, top) : AddLeaf({}, static_cast<int>(level) + 1);
    piece_.nodes[me].left = l;
    piece_.nodes[me].right = r;
    return me;
  }

  int32_t Copy(int32_t i, int depth) {
    const TreeNode& node = tree_.nodes[i];
    if (node.IsLeaf()) return AddLeaf(tree_.LeafWeights(node.leaf), depth);
    const auto me = static_cast<int32_t>(piece_.nodes.size());
    piece_.nodes.push_back(node);
    const int32_t l = Copy(node.left, depth + 1), r = Copy(node.right, depth + 1);
    piece_.nodes[me].left = l;
    piece_.nodes[me].right = r;
    return me;
  }

  int32_t AddLeaf(std::span<const Weight> weights, int depth) {
    piece_.depth = std::max(piece_.depth, depth);
    TreeNode& node = piece_.nodes.emplace_back();
    node.leaf = static_cast<uint32_t>(piece_.leaves());
    piece_.weights.insert(piece_.weights.end(), weights.begin(), weights.end());
    piece_.first_weight.push_back(static_cast<uint32_t>(piece_.weights.size()));
    return static_cast<int32_t>(piece_.nodes.size()) - 1;
  }

  struct Turn {
    int32_t node;
    bool right;
  };
  const Tree& tree_;
  std::vector<uint32_t> leaves_below_;
  std::vector<Turn> path_;
  Tree piece_;
  std::vector<Tree> pieces_;
};

}  // namespace

BlockLayout LayOutBlocks(const std::vector<Tree>& trees, float absent) {
  BlockMaker maker(trees, absent);
  for (const Tree& tree : trees) maker.Add(tree);
  BlockLayout layout = maker.Finish();
  LayOutSingleRows(trees, absent, layout);
  return layout;
}

BlockLayout LayOutNumbers(const std::vector<Tree>& trees, std::vector<std::vector<uint32_t>>& leaf_of) {
  BlockMaker maker(trees, 0);
  for (const Tree& tree : trees) leaf_of.push_back(maker.Add(tree));
  return maker.Finish();
}

std::vector<Tree> CutIntoPieces(const Tree& tree) {
  if (tree.leaves() <= kMaxLeaves) return {tree};
  return PieceMaker(tree).Cut();
}

}  // namespace lamina::forest
