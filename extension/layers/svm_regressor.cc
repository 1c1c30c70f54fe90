#include <lamina/layer.h>

#include "extension/layers/linear_scores.h"
#include "extension/layers/rows.h"
#include "extension/layers/svm_kernel.h"

namespace lamina::layers {
namespace {

/// y = the sum over support vectors v of coefficient_v * kernel(x, v), plus rho. With one_class=1: 1 if y > 0, else -1.
///
/// Inputs: x [N, C] or [C], f32, f64, i64 or i32; used as f32.
/// Attributes: n_supports, support_vectors [n_supports, C], coefficients [n_supports], rho [1], kernel_type LINEAR
/// (default), POLY, RBF or SIGMOID, kernel_params gamma, coef0, degree; one_class (default 0). With n_supports=0
/// (liblinear) coefficients are [C] and y = x.coefficients + rho, whatever the kernel. post_transform changes nothing.
/// Outputs: y [N, 1], f32.
/// Errors: numbers of vectors, coefficients and features that don't fit together, no rho, an unknown kernel.
/// Source: ai.onnx.ml SVMRegressor, 1; onnxruntime ignores the transform, too.
/// Accuracy: 1e-6 of the sum of the terms' magnitudes; the sum is made in f64.
struct SVMRegressor {
  std::vector<float> coefficients, support_vectors, rho, kernel_params;
  int64_t n_supports = 0, one_class = 0;
  std::string kernel_type = "LINEAR", post_transform = "NONE";

  void Prepare(const Node&) {
    Require(!rho.empty(), "SVMRegressor: rho is empty, expected one value");
    TransformNamed(post_transform, "SVMRegressor");
    if (n_supports <= 0) {
      linear_ = LinearScores(coefficients, {rho[0]}, 1, "SVMRegressor");
      return;
    }
    kernel_ = SvmKernel(kernel_type, kernel_params, support_vectors, static_cast<size_t>(n_supports), "SVMRegressor");
    Require(coefficients.size() == kernel_.vectors(), "SVMRegressor: there are ", coefficients.size(),
            " coefficients for ", kernel_.vectors(), " support vectors, expected one for each");
  }

  void Infer(const Inference& inference) const {
    inference.SetOutput(0, LAMINA_F32, {RowsOf(inference.In(0), "SVMRegressor", features()).rows, 1});
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    const float* rows = FloatsOf(x, call);
    auto* y = static_cast<float*>(call.Out(0).data());
    const size_t cost = features() * std::max<size_t>(1, kernel_.vectors());
    call.ParallelFor(x.size() / features(), Grain(cost), [&](size_t begin, size_t end) {
      Predict(rows + begin * features(), end - begin, y + begin, call);
      for (size_t i = begin; one_class != 0 && i < end; ++i) y[i] = y[i] > 0 ? 1.0f : -1.0f;
    });
  }

 private:
  size_t features() const { return n_supports > 0 ? kernel_.features() : linear_.features(); }

  void Predict(const float* x, size_t rows, float* y, const Call& call) const {
    if (n_supports <= 0) return linear_.Compute(x, rows, y);
    constexpr size_t kBlock = 32;
    const size_t vectors = kernel_.vectors();
    const auto likeness = call.Scratch<float>(std::min(rows, kBlock) * vectors);
    for (size_t r = 0; r < rows; r += kBlock) {
      const size_t n = std::min(kBlock, rows - r);
      kernel_.Compute(x + r * features(), n, likeness.data());
      for (size_t i = 0; i < n; ++i) {
        y[r + i] = static_cast<float>(simd::Dot(likeness.data() + i * vectors, coefficients.data(), vectors) + rho[0]);
      }
    }
  }

  SvmKernel kernel_;
  LinearScores linear_;
};

LAMINA_LAYER(SVMRegressor,
             .Onnx("ai.onnx.ml")
                 .Doc("y = sum of coefficient_v * kernel(x, v), plus rho")
                 .Input("x", Types<float, double, int64_t, int32_t>)
                 .Output("y", Types<float>)
                 .Required<&SVMRegressor::coefficients>("coefficients")
                 .Attribute<&SVMRegressor::support_vectors>("support_vectors")
                 .Required<&SVMRegressor::rho>("rho")
                 .Attribute<&SVMRegressor::kernel_params>("kernel_params")
                 .Attribute<&SVMRegressor::n_supports>("n_supports")
                 .Attribute<&SVMRegressor::one_class>("one_class")
                 .Attribute<&SVMRegressor::kernel_type>("kernel_type")
                 .Attribute<&SVMRegressor::post_transform>("post_transform")
                 .Example("n_supports=2 support_vectors=[1.0,0.0,0.0,1.0] coefficients=[2.0,3.0] rho=[0.5] "
                          "kernel_type=\"POLY\" kernel_params=[1.0,1.0,2.0] "
                          "x=f32[1,2]{1,2} -> y=f32[1,1]{35.5}"));

}  // namespace
}  // namespace lamina::layers
