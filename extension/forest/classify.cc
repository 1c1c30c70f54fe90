#include "extension/forest/classify.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

namespace lamina::forest {
namespace {

constexpr int32_t kNever = 0, kAlways = 1;

/// Whether rows reach leaves with a weight for class k: always if all leaves of one tree have it.
int32_t Coverage(const Ensemble& ensemble, const std::vector<std::vector<uint32_t>>& leaves_of_trees, uint32_t k) {
  int32_t some = kNever;
  const auto has = [&](uint32_t leaf) {
    const Node& node = ensemble.nodes[leaf];
    const auto first = ensemble.weights.begin() + node.first_weight;
    return std::any_of(first, first + node.weight_count, [&](const Weight& w) { return w.target == k; });
  };
  for (const auto& leaves : leaves_of_trees) {
    const auto with = std::count_if(leaves.begin(), leaves.end(), has);
    if (with == static_cast<ptrdiff_t>(leaves.size())) return kAlways;
    if (with > 0) some = -1;
  }
  return some;
}

/// The leaves below each root. The ensemble may still be malformed: Forest::Build is what says so.
std::vector<std::vector<uint32_t>> LeavesOfTrees(const Ensemble& ensemble) {
  std::vector<std::vector<uint32_t>> out;
  std::vector<char> seen(ensemble.nodes.size());
  for (const uint32_t root : ensemble.roots) {
    auto& leaves = out.emplace_back();
    std::vector<uint32_t> open{root}, visited;
    while (!open.empty()) {
      const uint32_t i = open.back();
      open.pop_back();
      if (i >= ensemble.nodes.size() || seen[i]) continue;
      seen[i] = 1;
      visited.push_back(i);
      const Node& node = ensemble.nodes[i];
      if (node.mode == Mode::kLeaf) {
        if (size_t{node.first_weight} + node.weight_count <= ensemble.weights.size()) leaves.push_back(i);
      } else {
        open.insert(open.end(), {node.true_child, node.false_child});
      }
    }
    for (const uint32_t i : visited) seen[i] = 0;
  }
  return out;
}

/// Gives every leaf with a weight for class k a weight of 1 for target `counter`.
void CountClass(uint32_t k, uint32_t counter, Ensemble& ensemble) {
  std::vector<Weight> weights;
  for (Node& node : ensemble.nodes) {
    const auto first = ensemble.weights.begin() + node.first_weight;
    const bool has = std::any_of(first, first + node.weight_count, [&](const Weight& w) { return w.target == k; });
    const auto at = static_cast<uint32_t>(weights.size());
    weights.insert(weights.end(), first, first + node.weight_count);
    node.first_weight = at;
    if (!has) continue;
    weights.push_back({counter, 1});
    ++node.weight_count;
  }
  ensemble.weights = std::move(weights);
}

void CheckBaseValues(size_t got, size_t classes) {
  if (got == 0 || got == classes || (got == 1 && classes <= 2)) return;
  throw std::invalid_argument("there are " + std::to_string(got) + " base values for " + std::to_string(classes) +
                              " classes, expected none or one for each class");
}

}  // namespace

Classifier Classifier::Build(Ensemble ensemble, PostTransform transform, bool doubles) {
  const uint32_t classes = ensemble.targets;
  CheckBaseValues(ensemble.base_values.size(), classes);
  ensemble.aggregate = Aggregate::kSum;
  std::vector<double> base_values = std::move(ensemble.base_values);
  ensemble.base_values.clear();

  std::set<uint32_t> weighted;
  bool all_positive = true;
  for (const Weight& w : ensemble.weights) {
    weighted.insert(w.target);
    all_positive &= !(w.value < 0);
  }
  std::vector<int32_t> has(classes, kAlways);
  if (classes > 1) {
    const auto leaves = LeavesOfTrees(ensemble);
    for (uint32_t k = 0; k < classes; ++k) has[k] = Coverage(ensemble, leaves, k);
    for (uint32_t k = 0; k < classes; ++k) {
      if (has[k] >= 0) continue;
      has[k] = -static_cast<int32_t>(ensemble.targets);
      CountClass(k, ensemble.targets++, ensemble);
    }
  }
  Classifier out(Forest::Build(ensemble, doubles));
  out.doubles_ = doubles;
  out.classes_ = classes;
  out.transform_ = transform;
  out.base_values_ = std::move(base_values);
  out.binary_ = classes == 2 && weighted.size() == 1;
  out.all_positive_ = all_positive;
  out.has_ = std::move(has);
  return out;
}

void Classifier::Predict(const Rows& rows, int64_t* classes, float* scores, const Parallel& parallel) const {
  doubles_&& rows.type == RowType::kDouble ? PredictAs<double>(rows, classes, scores, parallel)
                                           : PredictAs<float>(rows, classes, scores, parallel);
}

template <class T>
void Classifier::PredictAs(const Rows& rows, int64_t* classes, float* scores, const Parallel& parallel) const {
  const size_t width = forest_.targets();
  std::vector<T> raw(rows.count * width);
  forest_.Predict(rows, raw.data(), parallel);
  for (size_t r = 0; r < rows.count; ++r) classes[r] = Decide(raw.data() + r * width, scores + r * classes_);
}

template <class T>
bool Classifier::Has(const T* raw, size_t k) const {
  return has_[k] < 0 ? raw[-has_[k]] != 0 : has_[k] == kAlways;
}

template <class T>
int64_t Classifier::Decide(T* raw, float* scores) const {
  if (classes_ > 2) return DecideOfMany(raw, scores);
  if (classes_ == 2) return DecideOfTwo(raw, scores);
  if (!base_values_.empty()) raw[0] += static_cast<T>(base_values_[0]);
  WriteOneScore(static_cast<float>(raw[0]), false, scores);
  return raw[0] > 0 ? 1 : 0;
}

/// The first of the highest scores among the classes that have one.
template <class T>
int64_t Classifier::DecideOfMany(T* raw, float* scores) const {
  int64_t best = -1;
  T highest = 0;
  for (size_t k = 0; k < classes_; ++k) {
    bool has = Has(raw, k);
    if (!base_values_.empty()) {
      raw[k] += static_cast<T>(base_values_[k]);
      has = true;
    }
    if (has && (best < 0 || raw[k] > highest)) {
      best = static_cast<int64_t>(k);
      highest = raw[k];
    }
    scores[k] = static_cast<float>(raw[k]);
  }
  TransformScores(transform_, scores, 1, classes_);
  return std::max<int64_t>(best, 0);
}

/// Two classes. If the row has a weight for the first alone, the second score is made from the first.
template <class T>
int64_t Classifier::DecideOfTwo(T* raw, float* scores) const {
  const bool has0 = Has(raw, 0), has1 = Has(raw, 1);
  const size_t bases = base_values_.size();
  if (bases == 2 && has1) {
    raw[1] = static_cast<T>(base_values_[1]) + raw[0];
    raw[0] = -raw[1];
  } else if (bases >= 1) {
    raw[0] += static_cast<T>(base_values_[0]);
  }
  const T positive = has1 ? raw[1] : has0 ? raw[0] : T(0);
  const bool yes = positive > (binary_ && all_positive_ ? T(0.5) : T(0));
  if (has1 || bases == 2) {
    scores[0] = has0 ? static_cast<float>(raw[0]) : 0;
    scores[1] = has1 ? static_cast<float>(raw[1]) : 0;
    TransformScores(transform_, scores, 1, 2);
  } else {
    WriteOneScore(static_cast<float>(raw[0]), binary_ || bases == 0, scores);
  }
  return yes ? 1 : 0;
}

/// One score for one class or, with `two`, for two: s and 1 - s if all weights are positive, s and -s otherwise.
void Classifier::WriteOneScore(float score, bool two, float* scores) const {
  if (classes_ == 2) scores[1] = 0;
  if (transform_ == PostTransform::kProbit) {
    scores[0] = Probit(score);
  } else if (!two) {
    scores[0] = score;
  } else if (transform_ == PostTransform::kLogistic) {
    scores[0] = Logistic(-score);
    scores[1] = Logistic(score);
  } else {
    scores[0] = binary_ && all_positive_ ? 1 - score : -score;
    scores[1] = score;
  }
}

}  // namespace lamina::forest
