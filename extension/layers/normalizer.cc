#include <lamina/layer.h>

#include <cmath>
#include <limits>

#include "extension/layers/rows.h"
#include "extension/simd/norms.h"

namespace lamina::layers {
namespace {

/// Divides each row by its norm z: MAX z = max x, L1 z = sum |x|, L2 z = sqrt(sum x^2). A row whose z is 0 stays as it
/// is.
///
/// Inputs: x [N, C] or [C], f32, f64, i64 or i32.
/// Attributes: norm MAX (default), L1 or L2. MAX is the largest value, not the largest magnitude: a row of negative
/// values changes its sign.
/// Outputs: y, f32, of x's shape. A NaN in the row makes L1 and L2 of it NaN; MAX passes over NaN.
/// Errors: another norm; more than two dimensions.
/// Source: ai.onnx.ml Normalizer, 1; negative rows and zeros as onnxruntime has them.
/// Accuracy: L1: C units in the last place (the order of the sum); L2 and MAX have onnxruntime's bits.
struct Normalizer {
  std::string norm = "MAX";

  void Prepare(const Node&) {
    Require(norm == "MAX" || norm == "L1" || norm == "L2", "Normalizer: norm is '", norm, "', expected MAX, L1 or L2");
    kind_ = norm == "MAX" ? simd::Norm::kMax : norm == "L1" ? simd::Norm::kL1 : simd::Norm::kL2;
  }

  void Infer(const Inference& inference) const {
    RowsOf(inference.In(0), "Normalizer");
    inference.SetOutputLike(0, LAMINA_F32, inference.In(0));
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    const auto features = static_cast<size_t>(x.dim(-1));
    if (x.size() == 0) return;
    const float* from = FloatsOf(x, call);
    auto* to = static_cast<float*>(call.Out(0).data());
    call.ParallelFor(x.size() / features, Grain(2 * features), [&](size_t begin, size_t end) {
      simd::NormalizeRows(kind_, from + begin * features, end - begin, features, to + begin * features);
    });
  }

 private:
  simd::Norm kind_ = simd::Norm::kMax;
};

LAMINA_LAYER(Normalizer, .Onnx("ai.onnx.ml")
                             .Onnx("lamina")
                             .Doc("y = x / norm of its row")
                             .Input("x", Types<float, double, int64_t, int32_t>)
                             .Output("y", Types<float>)
                             .Attribute<&Normalizer::norm>("norm")
                             .RowWise()
                             .Example("norm=\"MAX\" x=f32[2,2]{-1,-4,2,4} -> y=f32[2,2]{1,4,0.5,1}")
                             .Example("norm=\"L2\" x=f32[1,2]{-3,4} -> y=f32[1,2]{-0.6,0.8}"));

}  // namespace
}  // namespace lamina::layers
