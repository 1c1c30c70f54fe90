// The tables in which ONNX keeps tree ensembles, made into an Ensemble.
//
// Everything wrong in a table is a std::invalid_argument that names the tree, the node and the table.
#ifndef LAMINA_EXTENSION_FOREST_TABLES_H_
#define LAMINA_EXTENSION_FOREST_TABLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "extension/forest/ensemble.h"

namespace lamina::forest {

/// TreeEnsembleRegressor and TreeEnsembleClassifier (ai.onnx.ml 1 to 4): nodes found by tree and node id. Field names
/// are the attributes' names; `target_*` are `class_*` in a classifier. Values and weights hold floats or, from the
/// `*_as_tensor` attributes, doubles.
struct NodeTables {
  std::vector<int64_t> nodes_treeids, nodes_nodeids, nodes_featureids;
  std::vector<std::string> nodes_modes;
  std::vector<double> nodes_values;
  std::vector<int64_t> nodes_truenodeids, nodes_falsenodeids;
  std::vector<int64_t> nodes_missing_value_tracks_true;  // may be empty: all 0
  std::vector<int64_t> target_treeids, target_nodeids, target_ids;
  std::vector<double> target_weights;
};

/// TreeEnsemble (ai.onnx.ml 5): branches and leaves in tables of their own, found by position.
struct BranchTables {
  std::vector<int64_t> tree_roots, nodes_featureids;
  std::vector<uint8_t> nodes_modes;  // 0 LEQ, 1 LT, 2 GTE, 3 GT, 4 EQ, 5 NEQ, 6 MEMBER
  std::vector<double> nodes_splits;
  std::vector<int64_t> nodes_truenodeids, nodes_trueleafs, nodes_falsenodeids, nodes_falseleafs;
  std::vector<int64_t> nodes_missing_value_tracks_true;  // may be empty: all 0
  std::vector<double> membership_values;                 // the sets of the MEMBER nodes in order, each ended by a NaN
  std::vector<int64_t> leaf_targetids;
  std::vector<double> leaf_weights;
};

/// The mode named by a `nodes_modes` string, "BRANCH_LEQ" to "BRANCH_NEQ" or "LEAF".
Mode ParseMode(const std::string& name);

/// The function named by `aggregate_function`: "SUM", "AVERAGE", "MIN" or "MAX".
Aggregate ParseAggregate(const std::string& name);

/// The ensemble that the tables describe, `targets` scores a row. Aggregate and base values are left for the caller to
/// set.
Ensemble FromTables(const NodeTables& tables, int64_t targets);
Ensemble FromTables(const BranchTables& tables, int64_t targets);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_TABLES_H_
