#include <lamina/layer.h>

#include "extension/layers/labels.h"
#include "extension/layers/linear_scores.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// The class with the highest of the scores x * coefficients' + intercepts, and the transformed scores.
///
/// Inputs: x [N, C] or [C], f32, f64, i64 or i32; used as f32.
/// Attributes: coefficients [E, C]; intercepts, none or E; classlabels_strings or classlabels_ints; post_transform
/// NONE, LOGISTIC, SOFTMAX, SOFTMAX_ZERO or PROBIT; multi_class changes nothing.
/// Outputs: the label of each row [N], string or i64: the first of the highest scores, or the second of two labels if
/// their one score is above 0; scores [N, E], f32. One score s for two labels becomes (logistic(-s), logistic(s)) with
/// LOGISTIC, (probit(s), 0) with PROBIT, else (1 - s, s).
/// Errors: numbers of coefficients, intercepts, labels and features that don't fit, an unknown transform.
/// Source: ai.onnx.ml LinearClassifier, 1; the conventions for one score are onnxruntime's.
/// Accuracy: 1e-6 of the sum of the products' magnitudes.
struct LinearClassifier {
  std::vector<float> coefficients, intercepts;
  std::vector<std::string> classlabels_strings;
  std::vector<int64_t> classlabels_ints;
  int64_t multi_class = 0;
  std::string post_transform = "NONE";

  void Prepare(const Node&) {
    labels_ = Labels(classlabels_strings, classlabels_ints, "LinearClassifier");
    const size_t scores = intercepts.empty() ? labels_.size() : intercepts.size();
    model_ = LinearScores(coefficients, intercepts, scores, "LinearClassifier");
    transform_ = TransformNamed(post_transform, "LinearClassifier");
    two_of_one_ = scores == 1;
    Require(labels_.size() == (two_of_one_ ? 2 : scores), "LinearClassifier: there are ", labels_.size(),
            " labels for ", scores, " scores, expected one for each, or two labels for one score");
  }

  void Infer(const Inference& inference) const {
    const RowShape shape = RowsOf(inference.In(0), "LinearClassifier", model_.features());
    inference.SetOutput(0, labels_.type(), {shape.rows});
    inference.SetOutput(1, LAMINA_F32, {shape.rows, two_of_one_ ? 2 : static_cast<int64_t>(model_.targets())});
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    const size_t rows = x.size() / model_.features(), width = two_of_one_ ? 2 : model_.targets();
    const float* features = FloatsOf(x, call);
    float* scores =
        call.Out(1).present() ? static_cast<float*>(call.Out(1).data()) : call.Scratch<float>(rows * width).data();
    int64_t* places = labels_.Places(call, 0, rows);
    call.ParallelFor(rows, Grain(model_.features() * width), [&](size_t begin, size_t end) {
      Rows(features + begin * model_.features(), end - begin, places + begin, scores + begin * width);
    });
    labels_.Write(call, 0, places, rows);
  }

 private:
  void Rows(const float* x, size_t rows, int64_t* places, float* scores) const {
    model_.Compute(x, rows, scores);
    if (model_.targets() > 1) {
      for (size_t r = 0; r < rows; ++r) places[r] = Highest(scores + r * model_.targets());
      return Transform(transform_, scores, rows, model_.targets());
    }
    for (size_t r = rows; r-- > 0;) {  // from the back: each score moves to twice its place
      places[r] = scores[r] > 0 ? 1 : 0;
      Two(scores[r], scores + 2 * r);
    }
  }

  void Two(float score, float* scores) const {
    if (transform_ == forest::PostTransform::kLogistic) {
      scores[0] = forest::Logistic(-score);
      scores[1] = forest::Logistic(score);
    } else if (transform_ == forest::PostTransform::kProbit) {
      scores[0] = forest::Probit(score);
      scores[1] = 0;
    } else {
      scores[0] = 1 - score;
      scores[1] = score;
    }
  }

  int64_t Highest(const float* scores) const {
    size_t best = 0;
    for (size_t i = 1; i < model_.targets(); ++i) {
      if (scores[i] > scores[best]) best = i;
    }
    return static_cast<int64_t>(best);
  }

  Labels labels_;
  LinearScores model_;
  forest::PostTransform transform_ = forest::PostTransform::kNone;
  bool two_of_one_ = false;  // one score for two labels
};

LAMINA_LAYER(LinearClassifier,
             .Onnx("ai.onnx.ml")
                 .Doc("the label with the highest of x * coefficients' + intercepts, and the scores")
                 .Input("x", Types<float, double, int64_t, int32_t>)
                 .Output("label", Types<std::string_view, int64_t>)
                 .Output("scores", Types<float>)
                 .Required<&LinearClassifier::coefficients>("coefficients")
                 .Attribute<&LinearClassifier::intercepts>("intercepts")
                 .Attribute<&LinearClassifier::classlabels_strings>("classlabels_strings")
                 .Attribute<&LinearClassifier::classlabels_ints>("classlabels_ints")
                 .Attribute<&LinearClassifier::multi_class>("multi_class")
                 .Attribute<&LinearClassifier::post_transform>("post_transform")
                 .RowWise()
                 .Example("coefficients=[1.0,0.0,0.0,1.0] intercepts=[0.0,0.5] classlabels_ints=[10,20] "
                          "x=f32[2,2]{1,2,3,1} -> label=i64[2]{20,10} scores=f32[2,2]{1,2.5,3,1.5}"));

}  // namespace
}  // namespace lamina::layers
