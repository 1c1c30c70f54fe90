#include <lamina/layer.h>

#include <optional>

#include "extension/forest/post_transform.h"
#include "extension/forest/tables.h"
#include "extension/layers/linear_scores.h"
#include "extension/layers/node_attributes.h"
#include "extension/layers/tree_nodes.h"

namespace lamina::layers {
namespace {

/// y[n, t] = post_transform(base_values[t] + the sum, average, minimum or maximum over trees of the weights for target
/// t of the leaf that row n reaches), as onnxruntime has it: with several targets, one that none of row n's leaves has
/// a weight for is 0, without its base value; with one, a leaf's first weight alone counts, and a leaf without one
/// weighs 0 (onnxruntime: its nodes_values).
///
/// Inputs: x [N, C] or [C]: f32, i64 or i32 (compared as f32), or f64 (compared as f64; summed so, too, if a table is a
/// tensor of f64).
/// Attributes: the nodes' tables nodes_treeids, _nodeids, _featureids, _modes (BRANCH_LEQ, _LT, _GTE, _GT, _EQ, _NEQ,
/// LEAF), _values, _truenodeids, _falsenodeids, _missing_value_tracks_true (default 0); the leaves' target_treeids,
/// _nodeids, _ids, _weights; n_targets; base_values; aggregate_function SUM (default), AVERAGE, MIN or MAX;
/// post_transform. Values, weights and base values also as tensors of f32 or f64 (..._as_tensor). Hit rates are
/// ignored.
/// Outputs: y [N, n_targets], f32.
/// Errors: tables that don't fit together (which tree, node and table), fewer features than the trees ask for.
/// Source: ai.onnx.ml TreeEnsembleRegressor, 1, 3 and 5.
/// Accuracy: leaves are found exactly; f32 sums are made in the order of the trees.
struct TreeEnsembleRegressor {
  void Prepare(const Node& node) {
    forest::Ensemble ensemble = EnsembleOf(node, "target", TargetsOf(node, kName), kName);
    const std::string aggregate = StringOf(node, "aggregate_function", "SUM");
    doubles_ = HasDoubles(node, "target");
    forest_ = BuildOrThrow(kName, [&] {
      ensemble.aggregate = forest::ParseAggregate(aggregate);
      return forest::Forest::Build(ensemble, doubles_);
    });
    node.Log(LAMINA_LOG_INFO, forest_->Describe());
    transform_ = TransformNamed(StringOf(node, "post_transform", "NONE"), kName);
  }

  void Infer(const Inference& inference) const {
    const int64_t rows = CheckedRows(inference.In(0), forest_->features(), kName);
    inference.SetOutput(0, LAMINA_F32, {rows, static_cast<int64_t>(forest_->targets())});
  }

  void Compute(const Call& call) const {
    const forest::Rows rows = ForestRows(call.In(0));
    auto* y = static_cast<float*>(call.Out(0).data());
    const forest::Parallel threads = ThreadsOf(call, rows.count);
    if (doubles_ && rows.type == forest::RowType::kDouble) {
      const auto sums = call.Scratch<double>(rows.count * forest_->targets());
      forest_->Predict(rows, sums.data(), threads);
      forest::TransformScores(transform_, sums.data(), rows.count, forest_->targets());
      for (size_t i = 0; i < sums.size(); ++i) y[i] = static_cast<float>(sums[i]);
    } else {
      forest_->Predict(rows, y, threads);
      forest::TransformScores(transform_, y, rows.count, forest_->targets());
    }
  }

 private:
  static constexpr const char* kName = "TreeEnsembleRegressor";
  std::optional<forest::Forest> forest_;
  forest::PostTransform transform_ = forest::PostTransform::kNone;
  bool doubles_ = false;
};

LAMINA_LAYER(TreeEnsembleRegressor,
             .Onnx("ai.onnx.ml")
                 .Doc("y = post_transform(base_values + the trees' weights, aggregated)")
                 .Input("x", Types<float, double, int64_t, int32_t>)
                 .Output("y", Types<float>)
                 .With(kNodeAttributes)
                 .RawAttribute("target_treeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("target_nodeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("target_ids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("target_weights", kFloatsKind)
                 .RawAttribute("target_weights_as_tensor", kTensorKind)
                 .RawAttribute("n_targets", kIntKind)
                 .RawAttribute("aggregate_function", kStringKind)
                 .RowWise()
                 .Example("nodes_treeids=[0,0,0] nodes_nodeids=[0,1,2] nodes_featureids=[1,0,0] "
                          "nodes_modes=[\"BRANCH_LEQ\",\"LEAF\",\"LEAF\"] nodes_values=[2.5,0.0,0.0] "
                          "nodes_truenodeids=[1,0,0] nodes_falsenodeids=[2,0,0] target_treeids=[0,0] "
                          "target_nodeids=[1,2] target_ids=[0,0] target_weights=[10.0,20.0] "
                          "x=f32[2,2]{0,2.5,0,3} -> y=f32[2,1]{10,20}"));

}  // namespace
}  // namespace lamina::layers
