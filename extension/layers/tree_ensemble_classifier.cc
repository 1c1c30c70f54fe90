#include <lamina/layer.h>

#include <optional>

#include "extension/forest/classify.h"
#include "extension/layers/labels.h"
#include "extension/layers/linear_scores.h"
#include "extension/layers/node_attributes.h"
#include "extension/layers/tree_nodes.h"

namespace lamina::layers {
namespace {

/// The class with the highest sum over trees of the leaves' weights plus base_values, and the transformed sums.
///
/// Inputs: x [N, C] or [C]: f32, i64 or i32 (compared as f32), or f64 (compared as f64; summed so, too, if a table is a
/// tensor of f64).
/// Attributes: the nodes' tables, as TreeEnsembleRegressor has them; the leaves' class_treeids, _nodeids, _ids,
/// _weights; classlabels_strings or classlabels_int64s; base_values; post_transform. Values, weights and base values
/// also as tensors of f32 or f64 (..._as_tensor). Hit rates are ignored.
/// Outputs: the label of each row [N], string or i64; scores [N, E], f32. Of two labels it is the second if the second
/// class's sum is above 0, whatever the first one's. With weights for the first class alone its sum s decides: above
/// 0.5 if no weight is negative, else above 0; the scores are then (1 - s, s) or (-s, s), with LOGISTIC (logistic(-s),
/// logistic(s)). With one label: 0 and 1 for s if the label is an integer, the label itself if it is a string. Of more
/// than two the first, where a row gets a weight for none of them and there are no base values (onnxruntime fails).
/// Errors: tables that don't fit together (which tree, node and table), fewer features than the trees ask for.
/// Source: ai.onnx.ml TreeEnsembleClassifier, 1, 3 and 5; the conventions for two classes are onnxruntime's.
/// Accuracy: leaves are found exactly; f32 sums are made in the order of the trees.
struct TreeEnsembleClassifier {
  void Prepare(const Node& node) {
    labels_ = Labels(StringsOf(node, "classlabels_strings"), IntsOf(node, "classlabels_int64s"), kName);
    forest::Ensemble ensemble = EnsembleOf(node, "class", static_cast<int64_t>(labels_.size()), kName);
    const forest::PostTransform transform = TransformNamed(StringOf(node, "post_transform", "NONE"), kName);
    const bool doubles = HasDoubles(node, "class");
    classifier_ =
        BuildOrThrow(kName, [&] { return forest::Classifier::Build(std::move(ensemble), transform, doubles); });
    node.Log(LAMINA_LOG_INFO, classifier_->forest().Describe());
    if (labels_.size() == 1) labels_ = labels_.NoAndYes();
  }

  void Infer(const Inference& inference) const {
    const int64_t rows = CheckedRows(inference.In(0), classifier_->forest().features(), kName);
    inference.SetOutput(0, labels_.type(), {rows});
    inference.SetOutput(1, LAMINA_F32, {rows, static_cast<int64_t>(classifier_->classes())});
  }

  void Compute(const Call& call) const {
    const forest::Rows rows = ForestRows(call.In(0));
    const Output scores = call.Out(1);
    float* to = scores.present() ? static_cast<float*>(scores.data())
                                 : call.Scratch<float>(rows.count * classifier_->classes()).data();
    int64_t* places = labels_.Places(call, 0, rows.count);
    classifier_->Predict(rows, places, to, ThreadsOf(call, rows.count));
    labels_.Write(call, 0, places, rows.count);
  }

 private:
  static constexpr const char* kName = "TreeEnsembleClassifier";
  Labels labels_;
  std::optional<forest::Classifier> classifier_;
};

LAMINA_LAYER(TreeEnsembleClassifier,
             .Onnx("ai.onnx.ml")
                 .Doc("the label with the highest sum of the trees' weights, and the sums")
                 .Input("x", Types<float, double, int64_t, int32_t>)
                 .Output("label", Types<std::string_view, int64_t>)
                 .Output("scores", Types<float>)
                 .With(kNodeAttributes)
                 .RawAttribute("class_treeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("class_nodeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("class_ids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
                 .RawAttribute("class_weights", kFloatsKind)
                 .RawAttribute("class_weights_as_tensor", kTensorKind)
                 .RawAttribute("classlabels_strings", kStringsKind)
                 .RawAttribute("classlabels_int64s", kIntsKind)
                 .RowWise()
                 .Example("nodes_treeids=[0,0,0] nodes_nodeids=[0,1,2] nodes_featureids=[1,0,0] "
                          "nodes_modes=[\"BRANCH_LEQ\",\"LEAF\",\"LEAF\"] nodes_values=[2.5,0.0,0.0] "
                          "nodes_truenodeids=[1,0,0] nodes_falsenodeids=[2,0,0] class_treeids=[0,0,0,0] "
                          "class_nodeids=[1,1,2,2] class_ids=[0,1,0,1] class_weights=[0.75,-0.25,0.5,1.0] "
                          "classlabels_strings=[\"no\",\"yes\"] x=f32[2,2]{0,2.5,0,3} "
                          "-> label=string[2]{\"no\",\"yes\"} scores=f32[2,2]{0.75,-0.25,0.5,1}"));

}  // namespace
}  // namespace lamina::layers
