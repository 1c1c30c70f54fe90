// A classifier on top of a Forest: class decision, the conventions for two classes, post transform. As onnxruntime does
// it.
#ifndef LAMINA_EXTENSION_FOREST_CLASSIFY_H_
#define LAMINA_EXTENSION_FOREST_CLASSIFY_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "extension/forest/forest.h"
#include "extension/forest/post_transform.h"

namespace lamina::forest {

/// What a TreeEnsembleClassifier answers. Constant after Build and shared by all threads.
class Classifier final {
 public:
  /// `ensemble.targets` is the number of class labels. Base values follow the classifier's rules: none, one for each
  /// class, or one if there are at most two classes. Throws std::invalid_argument for what Forest::Build refuses and
  /// for other numbers of base values. `doubles`: rows of doubles are summed and decided in double; without it only
  /// compared so.
  static Classifier Build(Ensemble ensemble, PostTransform transform, bool doubles = false);

  size_t classes() const { return classes_; }
  const Forest& forest() const { return forest_; }

  /// For each row the place of its class in the list of labels, or 0 or 1 of a single class, and `classes()` scores.
  /// REQUIRES: as Forest::Predict.
  void Predict(const Rows& rows, int64_t* classes, float* scores, const Parallel& parallel = {}) const;

 private:
  explicit Classifier(Forest forest) : forest_(std::move(forest)) {}
  template <class T>
  void PredictAs(const Rows& rows, int64_t* classes, float* scores, const Parallel& parallel) const;
  template <class T>
  int64_t Decide(T* raw, float* scores) const;
  template <class T>
  int64_t DecideOfMany(T* raw, float* scores) const;
  template <class T>
  int64_t DecideOfTwo(T* raw, float* scores) const;
  void WriteOneScore(float score, bool two, float* scores) const;
  template <class T>
  bool Has(const T* raw, size_t k) const;

  Forest forest_;
  size_t classes_ = 0;
  bool doubles_ = false;
  PostTransform transform_ = PostTransform::kNone;
  std::vector<double> base_values_;
  bool binary_ = false;        // two classes, and all weights are for the same one
  bool all_positive_ = false;  // no weight is below 0
  std::vector<int32_t> has_;   // of class k: 1, 0, or -n: the row has a weight for it if raw score n is not 0
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_CLASSIFY_H_
