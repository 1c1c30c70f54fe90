#include "extension/layers/linear_scores.h"

#include "extension/simd/curves.h"

namespace lamina::layers {

LinearScores::LinearScores(const std::vector<float>& coefficients, std::vector<float> intercepts, size_t targets,
                           const char* layer)
    : targets_(targets), intercepts_(std::move(intercepts)) {
  Require(targets > 0 && !coefficients.empty() && coefficients.size() % targets == 0, layer, ": there are ",
          coefficients.size(), " coefficients for ", targets, " targets, expected a whole number for each");
  Require(intercepts_.empty() || intercepts_.size() == targets, layer, ": there are ", intercepts_.size(),
          " intercepts for ", targets, " targets, expected none or one for each");
  intercepts_.resize(targets);
  features_ = coefficients.size() / targets;
  if (targets == 1) {
    single_ = coefficients;
  } else {
    packed_ = simd::Packed<float>(coefficients.data(), targets, features_);
  }
}

void LinearScores::Compute(const float* x, size_t rows, float* scores) const {
  if (targets_ == 1) {
    simd::Products(x, rows, single_.data(), features_, intercepts_[0], scores);
  } else {
    simd::Products(x, rows, packed_, intercepts_.data(), scores);
  }
}

forest::PostTransform TransformNamed(const std::string& name, const char* layer) {
  try {
    return forest::ParsePostTransform(name);
  } catch (const std::invalid_argument& error) {
    throw Error(Cat(layer, ": ", error.what()));
  }
}

void Transform(forest::PostTransform transform, float* scores, size_t rows, size_t targets) {
  if (targets > 1 && transform == forest::PostTransform::kLogistic) return simd::LogisticOf(scores, rows * targets);
  if (targets > 1 && transform == forest::PostTransform::kSoftmax) return simd::SoftmaxOf(scores, rows, targets);
  forest::TransformScores(transform, scores, rows, targets);
}

}  // namespace lamina::layers
