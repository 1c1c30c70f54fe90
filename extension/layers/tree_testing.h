// Trees to test the tree layers with: random ones, walked by hand.
#ifndef LAMINA_EXTENSION_LAYERS_TREE_TESTING_H_
#define LAMINA_EXTENSION_LAYERS_TREE_TESTING_H_

#include <cmath>
#include <string>
#include <vector>

#include "extension/layers/testing.h"

namespace lamina::layers {

/// Complete trees of one depth in the tables of TreeEnsembleRegressor and TreeEnsembleClassifier: node i has the
/// children 2 i + 1 and 2 i + 2.
struct CompleteTrees {
  size_t trees, depth, features, targets;
  std::string mode = "BRANCH_LEQ";
  std::vector<float> thresholds, weights;  // [trees][nodes of a tree], [trees][leaves][targets]

  CompleteTrees(size_t trees, size_t depth, size_t features, size_t targets)
      : trees(trees),
        depth(depth),
        features(features),
        targets(targets),
        thresholds(Floats(trees * nodes(), -1, 1, 5)),
        weights(Floats(trees * leaves() * targets, -1, 1, 6)) {}

  size_t leaves() const { return size_t{1} << depth; }
  size_t nodes() const { return 2 * leaves() - 1; }
  size_t FeatureOf(size_t tree, size_t node) const { return (tree * 7 + node * 3) % features; }

  /// `prefix` is "target" or "class".
  AttributeSet Attributes(const std::string& prefix) const {
    std::vector<int64_t> trees_of, ids, feature_ids, yes, no, leaf_trees, leaf_ids, leaf_targets;
    std::vector<std::string> modes;
    for (size_t t = 0; t < trees; ++t) {
      for (size_t n = 0; n < nodes(); ++n) {
        const bool is_leaf = n + 1 >= leaves();
        trees_of.push_back(static_cast<int64_t>(t));
        ids.push_back(static_cast<int64_t>(n));
        feature_ids.push_back(static_cast<int64_t>(FeatureOf(t, n)));
        modes.push_back(is_leaf ? "LEAF" : mode);
        yes.push_back(is_leaf ? 0 : static_cast<int64_t>(2 * n + 1));
        no.push_back(is_leaf ? 0 : static_cast<int64_t>(2 * n + 2));
        for (size_t k = 0; is_leaf && k < targets; ++k) {
          leaf_trees.push_back(static_cast<int64_t>(t));
          leaf_ids.push_back(static_cast<int64_t>(n));
          leaf_targets.push_back(static_cast<int64_t>(k));
        }
      }
    }
    AttributeSet set;
    set.Ints("nodes_treeids", trees_of).Ints("nodes_nodeids", ids).Ints("nodes_featureids", feature_ids);
    set.Strings("nodes_modes", modes)
        .Floats("nodes_values", thresholds)
        .Ints("nodes_truenodeids", yes)
        .Ints("nodes_falsenodeids", no);
    set.Ints(prefix + "_treeids", leaf_trees)
        .Ints(prefix + "_nodeids", leaf_ids)
        .Ints(prefix + "_ids", leaf_targets)
        .Floats(prefix + "_weights", weights);
    return set;
  }

  /// The weights of one row, summed over the trees.
  template <class T>
  std::vector<T> Sum(const T* row) const {
    std::vector<T> sums(targets);
    for (size_t t = 0; t < trees; ++t) {
      size_t n = 0;
      while (n + 1 < leaves()) {
        const T x = row[FeatureOf(t, n)], threshold = thresholds[t * nodes() + n];
        n = 2 * n + ((mode == "BRANCH_LEQ" ? x <= threshold : x > threshold) ? 1 : 2);
      }
      for (size_t k = 0; k < targets; ++k) sums[k] += weights[(t * leaves() + n + 1 - leaves()) * targets + k];
    }
    return sums;
  }
};

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_TREE_TESTING_H_
