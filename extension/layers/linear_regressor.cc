#include <lamina/layer.h>

#include "extension/layers/linear_scores.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// y = post_transform(x * coefficients' + intercepts).
///
/// Inputs: x [N, C] or [C], f32, f64, i64 or i32; used as f32.
/// Attributes: coefficients [targets, C]; intercepts, none or one a target; targets (default 1); post_transform NONE,
/// LOGISTIC, SOFTMAX, SOFTMAX_ZERO or PROBIT (a single target: only PROBIT changes it).
/// Outputs: y [N, targets], f32.
/// Errors: coefficients or intercepts that don't fit targets, another number of features, an unknown transform.
/// Source: ai.onnx.ml LinearRegressor, 1.
/// Accuracy: 1e-6 of the sum of the products' magnitudes.
struct LinearRegressor {
  std::vector<float> coefficients, intercepts;
  int64_t targets = 1;
  std::string post_transform = "NONE";

  void Prepare(const Node&) {
    Require(targets > 0, "LinearRegressor: targets is ", targets, ", expected 1 or more");
    // Intercepts that don't fit are not used: that is what models in the field rely on.
    if (intercepts.size() != static_cast<size_t>(targets)) intercepts.clear();
    model_ = LinearScores(coefficients, intercepts, static_cast<size_t>(targets), "LinearRegressor");
    transform_ = TransformNamed(post_transform, "LinearRegressor");
  }

  void Infer(const Inference& inference) const {
    const RowShape shape = RowsOf(inference.In(0), "LinearRegressor", model_.features());
    inference.SetOutput(0, LAMINA_F32, {shape.rows, targets});
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    const float* rows = FloatsOf(x, call);
    auto* y = static_cast<float*>(call.Out(0).data());
    const size_t width = model_.targets();
    call.ParallelFor(x.size() / model_.features(), Grain(model_.features() * width), [&](size_t begin, size_t end) {
      model_.Compute(rows + begin * model_.features(), end - begin, y + begin * width);
      Transform(transform_, y + begin * width, end - begin, width);
    });
  }

 private:
  LinearScores model_;
  forest::PostTransform transform_ = forest::PostTransform::kNone;
};

LAMINA_LAYER(LinearRegressor,
             .Onnx("ai.onnx.ml")
                 .Doc("y = post_transform(x * coefficients' + intercepts)")
                 .Input("x", Types<float, double, int64_t, int32_t>)
                 .Output("y", Types<float>)
                 .Required<&LinearRegressor::coefficients>("coefficients")
                 .Attribute<&LinearRegressor::intercepts>("intercepts")
                 .Attribute<&LinearRegressor::targets>("targets")
                 .Attribute<&LinearRegressor::post_transform>("post_transform")
                 .RowWise()
                 .Example("coefficients=[1.0,2.0] intercepts=[0.5] x=f32[2,2]{1,1,2,3} -> y=f32[2,1]{3.5,8.5}"));

}  // namespace
}  // namespace lamina::layers
