// One tree after checking: every branch is a test that sends a row left or right.
//
// What is left of ONNX's eight modes are two kinds of test: a cut (beyond it: right) and a set (a member: left). Chains
// of kEqual nodes that lead to the same place, the form in which converters write a categorical split, have become one
// set. Leaves are numbered from left to right.
#ifndef LAMINA_EXTENSION_FOREST_TREE_H_
#define LAMINA_EXTENSION_FOREST_TREE_H_

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "extension/forest/ensemble.h"

namespace lamina::forest {

/// A place on the number line: x is beyond it if x > at or, when `strict`, x >= at. Never NaN.
struct Cut {
  double at = 0;
  bool strict = false;
  friend bool operator==(const Cut&, const Cut&) = default;
  friend bool operator<(const Cut& a, const Cut& b) { return a.at != b.at ? a.at < b.at : a.strict && !b.strict; }
  bool Beyond(double x) const { return strict ? x >= at : x > at; }
};

/// Values of a feature that go left. Sorted, without NaN; `nan` says whether NaN goes left, too.
struct ValueSet {
  uint32_t feature = 0;
  std::vector<double> values;
  bool nan = false;
  friend auto operator<=>(const ValueSet&, const ValueSet&) = default;
  bool Contains(double x) const;
};

struct TreeNode {
  int32_t left = -1, right = -1;  // -1: a leaf
  uint32_t feature = 0;
  int32_t set = -1;        // a place in Tree::sets, or -1: a cut
  bool nan_right = false;  // of a cut
  Cut cut;
  uint32_t leaf = 0;

  bool IsLeaf() const { return left < 0; }
};

struct Tree {
  std::vector<TreeNode> nodes;               // in preorder: the root first, then everything left of it
  std::vector<ValueSet> sets;                // each once
  std::vector<Weight> weights;               // of the leaves, in their order; at most one a target, by target
  std::vector<uint32_t> first_weight = {0};  // of leaf i: weights[first_weight[i]] up to weights[first_weight[i + 1]]
  int depth = 0;

  size_t leaves() const { return first_weight.size() - 1; }
  std::span<const Weight> LeafWeights(size_t leaf) const {
    return std::span(weights).subspan(first_weight[leaf], first_weight[leaf + 1] - first_weight[leaf]);
  }

  /// The leaf that a row reaches; `value(feature)` gives its values as doubles.
  template <class Value>
  uint32_t Walk(Value&& value) const {
    int32_t at = 0;
    while (!nodes[at].IsLeaf()) {
      const TreeNode& node = nodes[at];
      const double x = value(node.feature);
      const bool right = node.set >= 0 ? !sets[node.set].Contains(x) : x != x ? node.nan_right : node.cut.Beyond(x);
      at = right ? node.right : node.left;
    }
    return nodes[at].leaf;
  }
};

/// Drops the sets that no node asks for.
void KeepUsedSets(Tree& tree);

/// Checks the ensemble and makes its trees. Throws std::invalid_argument, naming tree and node.
std::vector<Tree> MakeTrees(const Ensemble& ensemble);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_TREE_H_
