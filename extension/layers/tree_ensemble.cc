#include <lamina/layer.h>

#include <optional>

#include "extension/forest/post_transform.h"
#include "extension/forest/tables.h"
#include "extension/layers/float16.h"
#include "extension/layers/node_attributes.h"
#include "extension/layers/tree_nodes.h"

namespace lamina::layers {
namespace {

/// y[n, t] = post_transform(the sum, average, minimum or maximum over trees of the weights for target t of the leaf
/// that row n reaches).
///
/// Inputs: x [N, C] or [C]: f32 (compared and summed as f32), f64 (as f64) or f16 (as f32).
/// Attributes: tree_roots; for the branches nodes_featureids, nodes_modes (u8 tensor: 0 LEQ, 1 LT, 2 GTE, 3 GT, 4 EQ, 5
/// NEQ, 6 MEMBER), nodes_splits (tensor), nodes_truenodeids, nodes_trueleafs, nodes_falsenodeids, nodes_falseleafs,
/// nodes_missing_value_tracks_true (default 0); membership_values (tensor): a set for each MEMBER node, each ended by a
/// NaN; for the leaves leaf_targetids, leaf_weights (tensor); n_targets; aggregate_function 0 AVERAGE, 1 SUM (default),
/// 2 MIN, 3 MAX; post_transform 0 NONE (default), 1 SOFTMAX, 2 LOGISTIC, 3 SOFTMAX_ZERO, 4 PROBIT. Hit rates are
/// ignored.
/// Outputs: y [N, n_targets], of x's type.
/// Errors: tables that don't fit together (which node and table), fewer features than the trees ask for.
/// Source: ai.onnx.ml TreeEnsemble, 5.
/// Accuracy: leaves are found exactly; sums are made in the order of the trees.
struct TreeEnsemble {
  void Prepare(const Node& node) {
    forest::BranchTables tables;
    tables.tree_roots = IntsOf(node, "tree_roots");
    tables.nodes_featureids = IntsOf(node, "nodes_featureids");
    for (const double mode : NumbersOf(node, "nodes_modes")) {
      Require(mode >= 0 && mode <= 6, kName, ": nodes_modes has ", mode, ", expected 0 to 6");
      tables.nodes_modes.push_back(static_cast<uint8_t>(mode));
    }
    tables.nodes_splits = NumbersOf(node, "nodes_splits");
    tables.nodes_truenodeids = IntsOf(node, "nodes_truenodeids");
    tables.nodes_trueleafs = IntsOf(node, "nodes_trueleafs");
    tables.nodes_falsenodeids = IntsOf(node, "nodes_falsenodeids");
    tables.nodes_falseleafs = IntsOf(node, "nodes_falseleafs");
    tables.nodes_missing_value_tracks_true = IntsOf(node, "nodes_missing_value_tracks_true");
    tables.membership_values = NumbersOf(node, "membership_values");
    tables.leaf_targetids = IntsOf(node, "leaf_targetids");
    tables.leaf_weights = NumbersOf(node, "leaf_weights");
    const int64_t transform = IntOf(node, "post_transform", 0), aggregate = IntOf(node, "aggregate_function", 1);
    Require(transform >= 0 && transform <= 4, kName, ": post_transform is ", transform, ", expected 0 to 4");
    Require(aggregate >= 0 && aggregate <= 3, kName, ": aggregate_function is ", aggregate, ", expected 0 to 3");
    transform_ = static_cast<forest::PostTransform>(transform);
    constexpr forest::Aggregate kAggregates[] = {forest::Aggregate::kAverage, forest::Aggregate::kSum,
                                                 forest::Aggregate::kMin, forest::Aggregate::kMax};
    forest_ = BuildOrThrow(kName, [&] {
      forest::Ensemble ensemble = forest::FromTables(tables, TargetsOf(node, kName));
      ensemble.aggregate = kAggregates[aggregate];
      return forest::Forest::Build(ensemble, node.Tensor("leaf_weights").Is<double>());
    });
    node.Log(LAMINA_LOG_INFO, forest_->Describe());
  }

  void Infer(const Inference& inference) const {
    const int64_t rows = CheckedRows(inference.In(0), forest_->features(), kName);
    inference.SetOutput(0, inference.In(0).type(), {rows, static_cast<int64_t>(forest_->targets())});
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    const Output y = call.Out(0);
    if (x.Is<float>()) {
      Predict(ForestRows(x), static_cast<float*>(y.data()), call);
    } else if (x.Is<double>()) {
      Predict(ForestRows(x), static_cast<double*>(y.data()), call);
    } else {
      HalfFloats(x.As<Float16>(), static_cast<Float16*>(y.data()), call);
    }
  }

 private:
  template <class T>
  void Predict(const forest::Rows& rows, T* y, const Call& call) const {
    forest_->Predict(rows, y, ThreadsOf(call, rows.count));
    forest::TransformScores(transform_, y, rows.count, forest_->targets());
  }

  void HalfFloats(const In<Float16>& x, Float16* y, const Call& call) const {
    const auto floats = call.Scratch<float>(x.size());
    for (size_t i = 0; i < floats.size(); ++i) floats[i] = ToFloat(x[i]);
    const RowShape shape = RowsOf(x, kName);
    const forest::Rows rows = {floats.data(), forest::RowType::kFloat, static_cast<size_t>(shape.rows),
                               static_cast<size_t>(shape.features)};
    const auto scores = call.Scratch<float>(rows.count * forest_->targets());
    Predict(rows, scores.data(), call);
    for (size_t i = 0; i < scores.size(); ++i) y[i] = ToFloat16(scores[i]);
  }

  static constexpr const char* kName = "TreeEnsemble";
  std::optional<forest::Forest> forest_;
  forest::PostTransform transform_ = forest::PostTransform::kNone;
};

LAMINA_LAYER(TreeEnsemble,
             .Onnx("ai.onnx.ml")
                 .Doc("y = post_transform(the trees' weights, aggregated)")
                 .Input("x", Types<float, double, Float16>)
                 .Output("y", Types<float, double, Float16>)
                 .RawAttribute("tree_roots", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("nodes_featureids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("nodes_modes", kTensorKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("nodes_splits", kTensorKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("nodes_truenodeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("nodes_trueleafs", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("nodes_falsenodeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("nodes_falseleafs", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("nodes_missing_value_tracks_true", kIntsKind)
                 .RawAttribute("nodes_hitrates", kTensorKind)
                 .RawAttribute("membership_values", kTensorKind)
                 .RawAttribute("leaf_targetids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("leaf_weights", kTensorKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("n_targets", kIntKind)
                 .RawAttribute("aggregate_function", kIntKind)
                 .RawAttribute("post_transform", kIntKind)
                 .RowWise()
                 .Example("tree_roots=[0] nodes_featureids=[1] nodes_modes=u8[1]{0} nodes_splits=f32[1]{2.5} "
                          "nodes_truenodeids=[0] nodes_trueleafs=[1] nodes_falsenodeids=[1] "
                          "nodes_falseleafs=[1] leaf_targetids=[0,0] leaf_weights=f32[2]{10,20} "
                          "x=f32[2,2]{0,2.5,0,3} -> y=f32[2,1]{10,20}"));

}  // namespace
}  // namespace lamina::layers
