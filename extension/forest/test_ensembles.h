// Random ensembles and a plain reference for the tests.
#ifndef LAMINA_EXTENSION_FOREST_TEST_ENSEMBLES_H_
#define LAMINA_EXTENSION_FOREST_TEST_ENSEMBLES_H_

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "extension/forest/ensemble.h"

namespace lamina::forest::testing {

struct Shape {
  uint32_t trees = 10, features = 7, targets = 1;
  int depth = 6;
  double stop = 0.1;       // the chance of a leaf above the last level
  uint32_t distinct = 20;  // thresholds of a feature
  std::vector<Mode> modes = {Mode::kLessOrEqual};
  bool missing = false;        // some nodes track missing values
  bool vector_leaves = false;  // weights for all targets in each leaf; otherwise one target a tree
  bool symmetric = false;      // one test for each level
  Aggregate aggregate = Aggregate::kSum;
  std::vector<double> base_values;
};

/// Thresholds and values come from one short list, so that values often are thresholds exactly.
inline float ListedValue(uint32_t i) {
  constexpr float kSpecial[] = {0.0f,
                                -0.0f,
                                1e-40f,
                                -1e-40f,
                                1.0f,
                                -1.0f,
                                std::numeric_limits<float>::max(),
                                std::numeric_limits<float>::lowest()};
  return i < std::size(kSpecial) ? kSpecial[i] : (static_cast<float>(i) - 16) * 0.37f;
}

class EnsembleMaker {
 public:
  EnsembleMaker(const Shape& shape, uint32_t seed) : shape_(shape), random_(seed) {}

  Ensemble Make() {
    out_.targets = shape_.targets;
    out_.aggregate = shape_.aggregate;
    out_.base_values = shape_.base_values;
    for (tree_ = 0; tree_ < shape_.trees; ++tree_) {
      levels_.clear();
      if (shape_.symmetric)
        for (int level = 0; level < shape_.depth; ++level) levels_.push_back(Test());
      out_.roots.push_back(Grow(0));
    }
    return std::move(out_);
  }

 private:
  uint32_t Below(uint32_t n) { return std::uniform_int_distribution<uint32_t>(0, n - 1)(random_); }
  double Chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  Node Test() {
    Node node{.mode = shape_.modes[Below(static_cast<uint32_t>(shape_.modes.size()))]};
    node.missing_tracks_true = shape_.missing && Chance() < 0.5;
    node.feature = Below(shape_.features);
    node.threshold = ListedValue(Below(shape_.distinct));
    if (node.mode == Mode::kMember) {
      node.first_member = static_cast<uint32_t>(out_.members.size());
      node.member_count = 1 + Below(9);
      for (uint32_t i = 0; i < node.member_count; ++i) out_.members.push_back(ListedValue(Below(shape_.distinct)));
    }
    return node;
  }

  uint32_t Grow(int depth) {
    const auto me = static_cast<uint32_t>(out_.nodes.size());
    out_.nodes.emplace_back();
    const bool leaf = depth == shape_.depth || (!shape_.symmetric && Chance() < shape_.stop);
    Node node = leaf ? Leaf() : shape_.symmetric ? levels_[depth] : Test();
    if (!leaf) {
      node.true_child = Grow(depth + 1);
      node.false_child = Grow(depth + 1);
    }
    node.tree_id = tree_;
    node.node_id = me;
    out_.nodes[me] = node;
    return me;
  }

  Node Leaf() {
    Node leaf{.first_weight = static_cast<uint32_t>(out_.weights.size())};
    const uint32_t target = tree_ % shape_.targets;
    for (uint32_t k = 0; k < shape_.targets; ++k)
      if (shape_.vector_leaves || k == target) out_.weights.push_back({k, static_cast<float>(Chance() - 0.5)});
    leaf.weight_count = static_cast<uint32_t>(out_.weights.size()) - leaf.first_weight;
    return leaf;
  }

  const Shape shape_;
  std::mt19937 random_;
  Ensemble out_;
  uint32_t tree_ = 0;
  std::vector<Node> levels_;
};

inline Ensemble RandomEnsemble(const Shape& shape, uint32_t seed) { return EnsembleMaker(shape, seed).Make(); }

/// Rows of listed values, values between them, NaN and infinities.
inline std::vector<float> RandomRows(size_t rows, const Shape& shape, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> out(rows * shape.features);
  for (float& x : out) {
    const uint32_t kind = std::uniform_int_distribution<uint32_t>(0, 15)(random);
    x = ListedValue(std::uniform_int_distribution<uint32_t>(0, shape.distinct - 1)(random));
    if (kind < 4) x = std::uniform_real_distribution<float>(-10, 10)(random);
    if (kind == 4) x = std::numeric_limits<float>::quiet_NaN();
    if (kind == 5) x = -std::numeric_limits<float>::quiet_NaN();
    if (kind == 6) x = std::numeric_limits<float>::infinity();
    if (kind == 7) x = -std::numeric_limits<float>::infinity();
  }
  return out;
}

/// The operator's definition, node by node. X is the type that comparisons are made in.
template <class X>
bool GoesToTrue(const Ensemble& e, const Node& node, X x) {
  if (std::isnan(static_cast<double>(x)) && node.missing_tracks_true) return true;
  const X t = static_cast<X>(node.threshold);
  switch (node.mode) {
    case Mode::kLessOrEqual:
      return x <= t;
    case Mode::kLess:
      return x < t;
    case Mode::kGreaterOrEqual:
      return x >= t;
    case Mode::kGreater:
      return x > t;
    case Mode::kEqual:
      return x == t;
    case Mode::kNotEqual:
      return x != t;
    default:
      break;
  }
  for (uint32_t i = 0; i < node.member_count; ++i)
    if (static_cast<X>(e.members[node.first_member + i]) == x) return true;
  return false;
}

template <class X, class T>
std::vector<T> Reference(const Ensemble& e, const X* rows, size_t count, size_t stride) {
  std::vector<T> out(count * e.targets);
  for (size_t r = 0; r < count; ++r) {
    std::vector<char> has(e.targets);
    T* score = out.data() + r * e.targets;
    for (uint32_t at : e.roots) {
      while (e.nodes[at].mode != Mode::kLeaf)
        at = GoesToTrue(e, e.nodes[at], rows[r * stride + e.nodes[at].feature]) ? e.nodes[at].true_child
                                                                                : e.nodes[at].false_child;
      for (uint32_t i = 0; i < e.nodes[at].weight_count; ++i) {
        const Weight& w = e.weights[e.nodes[at].first_weight + i];
        T& s = score[w.target];
        const T v = static_cast<T>(w.value);
        if (e.aggregate == Aggregate::kMin || e.aggregate == Aggregate::kMax) {
          const bool better = e.aggregate == Aggregate::kMin ? v < s : v > s;
          s = !has[w.target] || better ? v : s;
        } else {
          s += v;
        }
        has[w.target] = 1;
      }
    }
    for (size_t k = 0; k < e.targets; ++k) {
      if (e.aggregate == Aggregate::kAverage) score[k] /= static_cast<T>(e.roots.size());
      if (!e.base_values.empty()) score[k] += static_cast<T>(e.base_values[e.base_values.size() == 1 ? 0 : k]);
    }
  }
  return out;
}

}  // namespace lamina::forest::testing

#endif  // LAMINA_EXTENSION_FOREST_TEST_ENSEMBLES_H_
