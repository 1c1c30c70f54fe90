#include "extension/layers/tree_nodes.h"

#include <algorithm>

#include "extension/forest/tables.h"
#include "extension/layers/node_attributes.h"

namespace lamina::layers {
namespace {

/// Models rely on what onnxruntime makes of regressors that are not quite what the operator describes.
void FollowOnnxruntime(forest::Ensemble& ensemble) {
  // With a single target only the first of a leaf's weights counts: models mark the leaf that is reached, once a class.
  if (ensemble.targets == 1) {
    // One that has none weighs 0, which is a value for MIN and MAX, too.
    const auto zero = static_cast<uint32_t>(ensemble.weights.size());
    ensemble.weights.push_back({0, 0});
    for (forest::Node& leaf : ensemble.nodes) {
      if (leaf.mode != forest::Mode::kLeaf) continue;
      if (leaf.weight_count == 0) leaf.first_weight = zero;
      leaf.weight_count = 1;
    }
    return;
  }
  // Where the leaves that a row reaches have no weight for a target it is 0, its base value notwithstanding. Targets
  // that no leaf has one for need not be looked at in each row.
  ensemble.base_needs_weight = true;
  std::vector<bool> has_weights(ensemble.targets);
  for (const forest::Weight& weight : ensemble.weights) has_weights[weight.target] = true;
  for (size_t k = 0; k < ensemble.base_values.size() && k < has_weights.size(); ++k) {
    if (!has_weights[k]) ensemble.base_values[k] = 0;
  }
}

}  // namespace

forest::Ensemble EnsembleOf(const Node& node, const std::string& prefix, int64_t targets, const char* layer) {
  forest::NodeTables tables;
  tables.nodes_treeids = IntsOf(node, "nodes_treeids");
  tables.nodes_nodeids = IntsOf(node, "nodes_nodeids");
  tables.nodes_featureids = IntsOf(node, "nodes_featureids");
  tables.nodes_modes = StringsOf(node, "nodes_modes");
  tables.nodes_values = NumbersOrTensorOf(node, "nodes_values");
  tables.nodes_truenodeids = IntsOf(node, "nodes_truenodeids");
  tables.nodes_falsenodeids = IntsOf(node, "nodes_falsenodeids");
  tables.nodes_missing_value_tracks_true = IntsOf(node, "nodes_missing_value_tracks_true");
  tables.target_treeids = IntsOf(node, (prefix + "_treeids").c_str());
  tables.target_nodeids = IntsOf(node, (prefix + "_nodeids").c_str());
  tables.target_ids = IntsOf(node, (prefix + "_ids").c_str());
  tables.target_weights = NumbersOrTensorOf(node, prefix + "_weights");
  return BuildOrThrow(layer, [&] {
    forest::Ensemble ensemble = forest::FromTables(tables, targets);
    ensemble.base_values = NumbersOrTensorOf(node, "base_values");
    if (prefix == "target") FollowOnnxruntime(ensemble);
    return ensemble;
  });
}

int64_t TargetsOf(const Node& node, const char* layer) {
  constexpr int64_t kMostTargets = int64_t{1} << 20;
  const int64_t targets = IntOf(node, "n_targets", 1);
  Require(targets >= 1 && targets <= kMostTargets, layer, ": n_targets is ", targets, ", expected 1 to ", kMostTargets);
  return targets;
}

bool HasDoubles(const Node& node, const std::string& prefix) {
  for (const std::string& name : {std::string("nodes_values"), prefix + "_weights", std::string("base_values")}) {
    if (node.Tensor(name + "_as_tensor").Is<double>()) return true;
  }
  return false;
}

forest::Rows ForestRows(const Input& x) {
  using forest::RowType;
  const RowType type = x.Is<double>()    ? RowType::kDouble
                       : x.Is<int32_t>() ? RowType::kInt32
                       : x.Is<int64_t>() ? RowType::kInt64
                                         : RowType::kFloat;
  const RowShape shape = RowsOf(x, "trees");
  return {x.data(), type, static_cast<size_t>(shape.rows), static_cast<size_t>(shape.features)};
}

forest::Parallel ThreadsOf(const Call& call, size_t rows) {
  constexpr size_t kFewRows = 64;
  if (rows <= kFewRows) return {};
  return {call.thread_count(), [&call](size_t count, const std::function<void(size_t)>& body) {
            call.ParallelFor(count, 1, [&](size_t begin, size_t end) {
              for (size_t i = begin; i < end; ++i) body(i);
            });
          }};
}

int64_t CheckedRows(const TensorView& x, size_t features, const char* layer) {
  const RowShape shape = RowsOf(x, layer);
  Require(shape.features < 0 || shape.features >= static_cast<int64_t>(features), layer, ": the input has ",
          shape.features, " features, the trees ask for feature ", features - 1, " (counted from 0)");
  return shape.rows;
}

}  // namespace lamina::layers
