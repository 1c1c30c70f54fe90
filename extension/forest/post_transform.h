// The post transforms of ai.onnx.ml, as onnxruntime computes them.
#ifndef LAMINA_EXTENSION_FOREST_POST_TRANSFORM_H_
#define LAMINA_EXTENSION_FOREST_POST_TRANSFORM_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace lamina::forest {

enum class PostTransform : uint8_t {
  kNone,
  kSoftmax,
  kLogistic,
  kSoftmaxZero,
  kProbit
};  // numbered as in TreeEnsemble

/// The transform named "NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO" or "PROBIT". Throws std::invalid_argument for any
/// other name.
PostTransform ParsePostTransform(const std::string& name);

float Logistic(float x);
float Probit(float p);

/// Transforms rows x targets scores in place, each row by itself. A single target is left as it is but for kProbit:
/// that is what onnxruntime's regressors do.
void TransformScores(PostTransform transform, float* scores, size_t rows, size_t targets);
void TransformScores(PostTransform transform, double* scores, size_t rows, size_t targets);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_POST_TRANSFORM_H_
