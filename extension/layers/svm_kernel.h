// A support vector machine's kernel: how alike a row is to each support vector.
#ifndef LAMINA_EXTENSION_LAYERS_SVM_KERNEL_H_
#define LAMINA_EXTENSION_LAYERS_SVM_KERNEL_H_

#include <lamina/context.h>

#include <string>
#include <vector>

#include "extension/simd/product.h"

namespace lamina::layers {

/// LINEAR x.v; POLY (gamma x.v + coef0)^degree; RBF exp(-gamma |x - v|^2); SIGMOID tanh(gamma x.v + coef0). Constant
/// once made.
class SvmKernel {
 public:
  SvmKernel() = default;
  /// `params` is empty or gamma, coef0, degree. Throws an Error naming the layer for an unknown kernel or numbers that
  /// don't fit together.
  SvmKernel(const std::string& kernel, const std::vector<float>& params, const std::vector<float>& vectors,
            size_t count, const char* layer);

  size_t vectors() const { return vectors_.count(); }
  size_t features() const { return vectors_.depth(); }

  /// [rows, features] to [rows, vectors], on the caller's thread.
  void Compute(const float* x, size_t rows, float* out) const;

 private:
  enum class Kind { kLinear, kPoly, kRbf, kSigmoid };

  Kind kind_ = Kind::kLinear;
  float gamma_ = 0, coef0_ = 0, degree_ = 0;
  simd::Packed<float> vectors_;
};

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_SVM_KERNEL_H_
