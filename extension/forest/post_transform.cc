#include "extension/forest/post_transform.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace lamina::forest {
namespace {

/// Winitzki's approximation of the inverse error function, with the constant that onnxruntime uses.
float InverseErf(float x) {
  constexpr float kA = 0.147f;
  const float log = std::log((1 - x) * (1 + x));
  const float v = 2 / (3.14159f * kA) + 0.5f * log;
  const float root = std::sqrt(-v + std::sqrt(v * v - log / kA));
  return x < 0 ? -root : root;
}

/// Softmax; with `skip_zeros` values next to zero keep no weight of their own: they are scaled, not raised to a power.
template <class T>
void Softmax(T* scores, size_t n, bool skip_zeros) {
  T highest = std::numeric_limits<T>::lowest();
  for (size_t i = 0; i < n; ++i) highest = std::max(highest, scores[i]);
  const T scale = std::exp(-highest);
  T sum = 0;
  for (size_t i = 0; i < n; ++i) {
    if (skip_zeros && !(scores[i] > T(0.0000001f) || scores[i] < T(-0.0000001f))) {
      scores[i] *= scale;
    } else {
      scores[i] = std::exp(scores[i] - highest);
      sum += scores[i];
    }
  }
  for (size_t i = 0; i < n; ++i) scores[i] /= sum;
}

template <class T>
void TransformAll(PostTransform transform, T* scores, size_t rows, size_t targets) {
  const size_t n = rows * targets;
  if (transform == PostTransform::kProbit) {
    for (size_t i = 0; i < n; ++i) scores[i] = Probit(static_cast<float>(scores[i]));
  } else if (targets == 1 || transform == PostTransform::kNone) {
    return;
  } else if (transform == PostTransform::kLogistic) {
    for (size_t i = 0; i < n; ++i) scores[i] = Logistic(static_cast<float>(scores[i]));
  } else {
    for (size_t r = 0; r < rows; ++r) Softmax(scores + r * targets, targets, transform == PostTransform::kSoftmaxZero);
  }
}

}  // namespace

PostTransform ParsePostTransform(const std::string& name) {
  constexpr std::string_view kNames[] = {"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"};
  for (size_t i = 0; i < std::size(kNames); ++i)
    if (name == kNames[i]) return static_cast<PostTransform>(i);
  throw std::invalid_argument("post_transform '" + name +
                              "' is unknown, expected NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT");
}

float Logistic(float x) {
  const float y = 1 / (1 + std::exp(-std::abs(x)));
  return x < 0 ? 1 - y : y;
}

float Probit(float p) { return 1.41421356f * InverseErf(2 * p - 1); }

void TransformScores(PostTransform transform, float* scores, size_t rows, size_t targets) {
  TransformAll(transform, scores, rows, targets);
}
void TransformScores(PostTransform transform, double* scores, size_t rows, size_t targets) {
  TransformAll(transform, scores, rows, targets);
}

}  // namespace lamina::forest
