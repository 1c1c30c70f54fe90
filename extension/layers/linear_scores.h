// The scores of a linear model: x times coefficients, plus intercepts.
#ifndef LAMINA_EXTENSION_LAYERS_LINEAR_SCORES_H_
#define LAMINA_EXTENSION_LAYERS_LINEAR_SCORES_H_

#include <lamina/context.h>

#include <vector>

#include "extension/forest/post_transform.h"
#include "extension/simd/product.h"

namespace lamina::layers {

/// Constant once made.
class LinearScores {
 public:
  LinearScores() = default;
  /// Coefficients are [targets, features]; intercepts may be empty. Throws an Error naming the layer if the numbers
  /// don't fit together.
  LinearScores(const std::vector<float>& coefficients, std::vector<float> intercepts, size_t targets,
               const char* layer);

  size_t targets() const { return targets_; }
  size_t features() const { return features_; }

  /// Scores of [rows, features] into [rows, targets], on the caller's thread.
  void Compute(const float* x, size_t rows, float* scores) const;

 private:
  size_t targets_ = 0, features_ = 0;
  std::vector<float> single_;  // one target: its coefficients
  simd::Packed<float> packed_;
  std::vector<float> intercepts_;
};

/// The transform of that name. Throws an Error naming the layer for one that is unknown.
forest::PostTransform TransformNamed(const std::string& name, const char* layer);

/// As forest::TransformScores, with vectors where that pays.
void Transform(forest::PostTransform transform, float* scores, size_t rows, size_t targets);

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_LINEAR_SCORES_H_
