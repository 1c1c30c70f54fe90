// What Forest::Build leaves: the ensemble in the forms that the kernels run.
//
// The kernels take a block of rows at a time. A tree gives every row of the block a leaf number, a byte, by asking all
// of its nodes about all rows: operands are columns of ranks (see rank_map.h), lanes are rows, and nothing is gathered
// or branched upon. Weights are then looked up by leaf number and added to the block's sums. Trees of more than 256
// leaves are cut into pieces that each are such a tree, or, if they are too big for that, walked.
#ifndef LAMINA_EXTENSION_FOREST_LAYOUT_H_
#define LAMINA_EXTENSION_FOREST_LAYOUT_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "extension/forest/huge_pages.h"
#include "extension/forest/masked_trees.h"
#include "extension/forest/rank_map.h"
#include "extension/forest/tree.h"
#include "extension/forest/workspace.h"

namespace lamina::forest {

constexpr uint32_t kMaxLeaves = 256;    // of a tree whose leaf numbers are bytes
constexpr int kMaxCompleteDepth = 8;    // 256 leaves
constexpr int kMinCompleteDepth = 3;    // shallower trees are padded
constexpr int kStraightDepth = 6;       // of the subtrees of deeper ones, which run by the same code
constexpr uint32_t kVectorBytes = 64;   // of the widest vector; everything is laid out for it
constexpr uint32_t kTableEntries = 16;  // of the smallest byte look-up

enum class Kernel : uint8_t {
  kComplete,   // all 2^depth - 1 nodes in straight code
  kOblivious,  // one test for each level, as CatBoost makes them
  kProgram,    // any shape: operations on a stack of columns
};

/// A node for the kernels: bytes into the block's columns, and the threshold four times (a load broadcasts 32 bits for
/// free).
struct Test {
  uint32_t column = 0;
  uint32_t threshold = 0;
};

/// One node of a program: out = column > threshold ? b : a. Operands are leaf numbers (columns of one constant) or
/// places on a stack; they are counted in 64 bytes from the constants on. A step of 0 stays on the constant's only
/// vector.
struct Op {
  Test test;
  uint16_t out = 0, a = 0, b = 0;
  uint8_t step_a = 0, step_b = 0;
};

/// The weights of one tree for one target: the bytes of its floats as four tables, each of `room` entries.
struct Lookup {
  uint32_t target = 0;
  uint32_t tables = 0;  // offset in Layout::tables
};

struct LaidTree {
  uint32_t first_set_test = 0, set_tests = 0;
  uint32_t first = 0,
           count = 0;  // in Layout::tests (kComplete: see PlaceOfTest; kOblivious: a level each) or in Layout::ops
  uint32_t first_lookup = 0, lookups = 0;
  uint32_t entries = 0;   // of its tables: leaves rounded up to 16, 32, 64, 128 or 256
  uint32_t together = 1;  // trees from this one on whose weights are added in one pass: one target, tables that follow
};
constexpr uint32_t kTreesTogether = 8;

/// Where a complete tree's test is that heap order, from 1, gives number k: in that order too, but of more than
/// kStraightDepth levels the lowest ones make subtrees, each in heap order of its own. What is above them is in the
/// subtrees' unused first places.
constexpr uint32_t PlaceOfTest(uint32_t k, int depth) {
  const int level = std::bit_width(k) - 1, below = level - (depth - kStraightDepth);
  if (depth <= kStraightDepth) return k;
  if (below < 0) return k << kStraightDepth;
  const uint32_t subtree = (k >> below) - (1u << (depth - kStraightDepth));
  return (subtree << kStraightDepth) + (1u << below) + (k & ((1u << below) - 1));
}

/// Trees that follow each other and run by the same code.
struct Run {
  Kernel kernel = Kernel::kProgram;
  int depth = 0;  // kComplete, kOblivious
  uint32_t begin = 0, end = 0;
};

/// A node that asks for a set: its answer is found by itself and put among the others.
struct SingleSet {
  uint32_t first_test = 0, tests = 0;  // in BlockLayout::set_tests
  uint32_t node = 0;
};

/// A tree of any shape that is no MaskedTree: all of its nodes are asked, and then it is walked.
struct SingleTree {
  uint32_t first = 0;  // in SingleLayout::columns and thresholds, `count` nodes rounded up to a vector
  uint32_t count = 0;  // in order
  uint32_t first_next =
      0;  // in SingleLayout::next: the next node after a left and a right answer, or kMaxLeaves + leaf
  uint32_t root = 0;
  uint32_t first_set = 0, sets = 0;
  uint32_t place = 0;  // of its leaf number
};

/// A node of a tree with sets, which is walked. A leaf leads to itself.
struct WalkNode {
  uint16_t column = 0;  // from kAnswersAt on: the answer of a set
  int8_t threshold = 127;
  std::array<uint16_t, 2> next = {};  // left, right: counted from the tree's root
};
constexpr uint16_t kNoColumn = 256;
constexpr uint32_t kAnswersAt = 257, kMaxAnswers = 4096;

struct WalkedTree {
  uint32_t first = 0;  // in SingleLayout::walk_nodes: its branches, then its leaves from left to right
  uint32_t branches = 0;
  uint32_t depth = 0;
  uint32_t place = 0;  // of its leaf number
};

/// The answers of all sets of a feature, for each rank that a value can have, and for NaN after the last.
struct SetAnswers {
  uint32_t feature = 0;
  uint32_t sets = 0;
  uint32_t first = 0;   // in SingleLayout::answers, `sets` for each rank
  uint32_t column = 0;  // of the first set
};

/// The last two levels of a tree with weights for one target: a node of the last level but one, its left and its right
/// child, and the weights of the four leaves below. One line of the cache has all that a row needs of them.
struct TailNode {
  uint16_t column = 0;  // from kAnswersAt on: the answer of a set
  int8_t threshold = 0;
};
struct alignas(32) TreeTail {
  std::array<TailNode, 3> nodes = {};
  std::array<float, 4> weights = {};  // from left to right
};

/// Trees with sets, of few levels and with tails, which are walked together. The nodes above the tails are in heap
/// order.
constexpr uint32_t kHeapsTogether = 4;
struct TreeHeaps {
  uint32_t levels = 0;  // above the tails
  uint32_t trees = 0;
  uint32_t first = 0;  // in SingleLayout::heaps, 2^levels a tree, the first of them unused; then kHeapsTogether trees
  uint32_t first_tail = 0;  // in SingleLayout::tree_tails, 2^levels a tree
  uint32_t place = 0;       // of the first tree's weight
};

/// Up to kVectorBytes trees of few levels, lanes being trees: the rows' way down is the same for all, a level at a
/// time. A node takes two vectors, of the trees' columns and of their thresholds.
enum class Tails : uint8_t { kNone, kNodes, kWeights };  // two more levels of nodes, or of TreeTail
struct TreeLanes {
  bool oblivious = false;
  uint32_t levels = 0;  // oblivious: a node each; or the upper ones, 2^level nodes each, kMaxLaneLevels at the most
  uint32_t trees = 0;
  uint32_t first = 0;       // in SingleLayout::planes
  uint32_t first_tail = 0;  // in SingleLayout::tails or tree_tails, 2^levels a tree
  Tails tails = Tails::kNone;
  uint32_t place = 0;                   // of its first leaf number or weight; a whole vector
  uint32_t values = 0, value_bits = 0;  // of a straight layout: a tree's weights, 2^value_bits after those before it
};
constexpr uint32_t kMaxLaneLevels = 6;

/// Where a tree's weights for a target are: values[values + the leaf number at `place`]; or kWeighed, if its tail gives
/// the weight itself, at the same place.
constexpr uint32_t kWeighed = ~0u;
struct SingleLookup {
  uint32_t place = 0, values = 0, target = 0;
  friend bool operator==(const SingleLookup&, const SingleLookup&) = default;
};

/// Trees that follow each other, not more than leaf numbers have places for. Everything is up to the section's `end` of
/// it.
constexpr uint32_t kSectionTrees = 1024, kSectionPlaces = 2048;
struct SingleSection {
  uint32_t lanes_end = 0, heaps_end = 0, masked_end = 0, trees_end = 0, walked_end = 0, lookups_end = 0;
  bool weighed = false;  // all trees have tails, and places in their order
};

/// A feature that has few cuts, hence one segment: its search tree is two nodes deep. It is one of the first kRowKeys
/// features, whose keys are made a vector at a time.
constexpr uint32_t kRowKeys = 256;
struct RowFeature {
  uint32_t feature = 0;
  uint32_t root = 0, below = 0;  // in RankMap::fans
  uint16_t low = 0, high = 0;    // columns, kNoColumn for a kind that it has not
};

/// Ranks are looked up by column, a byte.
struct SingleLayout {
  std::vector<RowFeature> features;
  uint32_t keys = 0;  // as many of a row's first values have keys of use to `features`
  std::vector<RankedFeature> other_features;
  std::vector<SingleSection> sections;
  bool straight = true;  // all trees are in lanes, in their order, with weights for target 0 alone
  std::vector<TreeLanes> lanes;
  std::vector<uint8_t> planes;
  std::vector<TreeHeaps> heap_groups;
  std::vector<TailNode> heaps;
  std::vector<TreeTail> tree_tails;
  std::vector<uint64_t> tails;  // column and threshold, a byte each, of a node and of its left and right child
  std::vector<MaskedTrees> masked;
  std::vector<MaskedTree<1>> small;
  std::vector<MaskedTree<2>> medium;
  std::vector<SingleTree> trees;
  std::vector<uint8_t> columns;
  std::vector<int8_t> thresholds;
  std::vector<uint16_t> next;
  std::vector<SingleSet> sets;
  std::vector<WalkedTree> walked;
  std::vector<WalkNode> walk_nodes;
  std::vector<SetAnswers> set_answers;
  std::vector<uint8_t> answers;
  std::vector<SingleLookup> lookups;
  std::vector<float> values;
};

/// The trees as blocks of rows meet them.
struct BlockLayout {
  explicit BlockLayout(const std::vector<Tree>& trees) : ranks(trees) {}

  RankMap ranks;
  uint32_t rows = 256;  // of a full block
  uint32_t stack = 0;   // columns on the stack of the program that needs most
  std::vector<LaidTree> trees;
  std::vector<Run> runs;
  std::vector<Test> tests;
  std::vector<Op> ops;
  std::vector<SetTest> set_tests;
  std::vector<Lookup> lookups;
  std::vector<uint8_t> tables;
  std::optional<SingleLayout> single;  // if there are not more columns than a byte can number

  // The workspace of one block, in bytes from its start: columns, constants, stack, leaf numbers of the trees that are
  // added together, sums.
  size_t constants_at() const { return size_t{ranks.columns() + ranks.slots()} * rows; }
  size_t stack_at() const { return constants_at() + size_t{kMaxLeaves} * kVectorBytes; }
  size_t leaves_at() const { return stack_at() + size_t{stack} * rows; }
  size_t sums_at() const { return leaves_at() + size_t{kTreesTogether} * rows; }
  size_t workspace_bytes(size_t targets) const { return sums_at() + targets * rows * sizeof(float); }
};

/// A branch or a leaf. Siblings are neighbours: a branch's children are `step >> slot_bits` nodes further, and the node
/// after that. A row's key in the slot that the lower bits of `step` say is beyond the branch's key: right. A leaf is 0
/// nodes from itself, and its slot is one in which every row has the lowest key. Its own key is its weight, as bits,
/// or, with several targets, the place of its weights.
struct DeepNode {
  int32_t key = 0;
  uint32_t step = 0;
};

/// A feature's value as a key, with NaN as the greatest or the lowest.
struct KeySlot {
  uint32_t feature = 0;
  bool nan_high = false;
};

/// The trees as single rows walk them, and their tops for the block kernels.
struct DeepLayout {
  explicit DeepLayout(BlockLayout top_levels) : tops(std::move(top_levels)) {}

  BlockLayout tops;
  std::vector<KeySlot> slots;  // one more follows, in which all keys are the lowest
  int slot_bits = 0;
  std::vector<DeepNode, HugePages<DeepNode>> nodes;  // see deep_layout.cc for their order
  std::vector<uint32_t> roots;                       // a tree each
  std::vector<uint32_t> exits;  // kMaxLeaves a tree: the node where a row goes on, by the number that the top gives it
  std::vector<float> weights;   // with several targets
};

/// How a double may be rounded to a float without passing a cut: up if x <= t is all that is asked, down if x < t is.
enum class Rounding : uint8_t { kNone, kUp, kDown };

struct Layout {
  size_t features = 0, targets = 1;
  Aggregate aggregate = Aggregate::kSum;
  std::vector<double> base_values;
  bool base_needs_weight = false;  // the kernels run only what always has one
  size_t tree_count = 0;
  Rounding rounding = Rounding::kNone;
  std::vector<Tree> trees;  // kept only to be walked
  std::optional<BlockLayout> blocks;
  std::optional<DeepLayout> deep;  // or neither: the trees are walked
  mutable WorkspacePool workspaces;
};

/// What a score is before the first tree: the aggregate's neutral number. It is also the weight of a leaf without one.
constexpr float StartOf(Aggregate aggregate) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  return aggregate == Aggregate::kMin ? kInfinity : aggregate == Aggregate::kMax ? -kInfinity : 0;
}

/// Bytes that a table of `entries` takes in Layout::tables: what the widest look-up reads.
constexpr uint32_t TableRoom(uint32_t entries) { return entries < kVectorBytes ? kVectorBytes : entries; }

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_LAYOUT_H_
