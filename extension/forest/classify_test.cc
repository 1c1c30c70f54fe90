#include "extension/forest/classify.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "extension/forest/test_ensembles.h"
#include "gtest/gtest.h"

namespace lamina::forest {
namespace {

constexpr float kNan =
    std::numeric_limits<float>::quiet_NaN();  // in a table: the reference leaves this score unwritten

/// One tree of two leaves, their weights, and what onnxruntime 1.31.1 answers for each leaf.
struct Case {
  uint32_t classes;
  std::vector<Weight> leaves[2];
  std::vector<double> base_values;
  PostTransform transform;
  int64_t answers[2];
  std::vector<float> scores[2];
};

const std::vector<Case> kCases = {
    // clang-format off
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {}, PostTransform::kNone, {0, 1}, {{0.7f, 0.3f}, {0.2f, 0.8f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {}, PostTransform::kLogistic, {0, 1}, {{0.4256f, 0.5744f}, {0.31f, 0.69f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {}, PostTransform::kSoftmax, {0, 1}, {{0.7f, 0.3f}, {0.2f, 0.8f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {0.25}, PostTransform::kNone, {1, 1}, {{0.45f, 0.55f}, {-0.05f, 1.05f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {0.25}, PostTransform::kLogistic, {1, 1}, {{0.3659f, 0.6341f}, {0.2592f, 0.7408f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {0.25}, PostTransform::kSoftmax, {1, 1}, {{0.45f, 0.55f}, {-0.05f, 1.05f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {0.25, -0.5}, PostTransform::kNone, {1, 1}, {{0.55f, 0.0f}, {1.05f, 0.0f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {0.25, -0.5}, PostTransform::kLogistic, {1, 1}, {{0.6341f, 0.5f}, {0.7408f, 0.5f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {0.25, -0.5}, PostTransform::kSoftmax,
      {1, 1}, {{0.6341f, 0.3659f}, {0.7408f, 0.2592f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {}, PostTransform::kNone, {0, 1}, {{0.3f, -0.3f}, {-0.8f, 0.8f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {}, PostTransform::kLogistic, {0, 1}, {{0.5744f, 0.4256f}, {0.31f, 0.69f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {}, PostTransform::kSoftmax, {0, 1}, {{0.3f, -0.3f}, {-0.8f, 0.8f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {0.25}, PostTransform::kNone, {0, 1}, {{0.05f, -0.05f}, {-1.05f, 1.05f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {0.25}, PostTransform::kLogistic, {0, 1}, {{0.5125f, 0.4875f}, {0.2592f, 0.7408f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {0.25}, PostTransform::kSoftmax, {0, 1}, {{0.05f, -0.05f}, {-1.05f, 1.05f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {0.25, -0.5}, PostTransform::kNone, {0, 1}, {{-0.05f, 0.0f}, {1.05f, 0.0f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {0.25, -0.5}, PostTransform::kLogistic, {0, 1}, {{0.4875f, 0.5f}, {0.7408f, 0.5f}}},
    {2, {{{0, -0.3}}, {{0, 0.8}}}, {0.25, -0.5}, PostTransform::kSoftmax,
      {0, 1}, {{0.4875f, 0.5125f}, {0.7408f, 0.2592f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {}, PostTransform::kNone, {0, 1}, {{0.0f, 0.3f}, {0.0f, 0.8f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {}, PostTransform::kLogistic, {0, 1}, {{0.5f, 0.5744f}, {0.5f, 0.69f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {}, PostTransform::kSoftmax, {0, 1}, {{0.4256f, 0.5744f}, {0.31f, 0.69f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {0.25}, PostTransform::kNone, {0, 1}, {{0.0f, 0.3f}, {0.0f, 0.8f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {0.25}, PostTransform::kLogistic, {0, 1}, {{0.5f, 0.5744f}, {0.5f, 0.69f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {0.25}, PostTransform::kSoftmax, {0, 1}, {{0.4256f, 0.5744f}, {0.31f, 0.69f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {0.25, -0.5}, PostTransform::kNone, {0, 0}, {{0.0f, -0.5f}, {0.0f, -0.5f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {0.25, -0.5}, PostTransform::kLogistic, {0, 0}, {{0.5f, 0.3775f}, {0.5f, 0.3775f}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {0.25, -0.5}, PostTransform::kSoftmax,
      {0, 0}, {{0.6225f, 0.3775f}, {0.6225f, 0.3775f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {}, PostTransform::kNone, {0, 1}, {{0.0f, -0.3f}, {0.0f, 0.8f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {}, PostTransform::kLogistic, {0, 1}, {{0.5f, 0.4256f}, {0.5f, 0.69f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {}, PostTransform::kSoftmax, {0, 1}, {{0.5744f, 0.4256f}, {0.31f, 0.69f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {0.25}, PostTransform::kNone, {0, 1}, {{0.0f, -0.3f}, {0.0f, 0.8f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {0.25}, PostTransform::kLogistic, {0, 1}, {{0.5f, 0.4256f}, {0.5f, 0.69f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {0.25}, PostTransform::kSoftmax, {0, 1}, {{0.5744f, 0.4256f}, {0.31f, 0.69f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {0.25, -0.5}, PostTransform::kNone, {0, 0}, {{0.0f, -0.5f}, {0.0f, -0.5f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {0.25, -0.5}, PostTransform::kLogistic, {0, 0}, {{0.5f, 0.3775f}, {0.5f, 0.3775f}}},
    {2, {{{1, -0.3}}, {{1, 0.8}}}, {0.25, -0.5}, PostTransform::kSoftmax,
      {0, 0}, {{0.6225f, 0.3775f}, {0.6225f, 0.3775f}}},
    {2, {{{0, 0.3}}, {{0, 0.8}}}, {}, PostTransform::kProbit, {0, 1}, {{-0.5244f, kNan}, {0.8418f, kNan}}},
    {2, {{{1, 0.3}}, {{1, 0.8}}}, {}, PostTransform::kSoftmaxZero, {0, 1}, {{0.0f, 1.0f}, {0.0f, 1.0f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {}, PostTransform::kNone, {1, 1}, {{0.3f, 0.7f}, {0.8f, 0.2f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {}, PostTransform::kNone,
      {0, 1}, {{0.3f, -0.7f}, {-0.8f, 0.2f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {}, PostTransform::kNone, {1, 1}, {{-0.3f, 0.3f}, {0.0f, 0.7f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {}, PostTransform::kNone, {0, 1}, {{0.3f, -0.3f}, {0.0f, 0.7f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {}, PostTransform::kLogistic,
      {1, 1}, {{0.5744f, 0.6682f}, {0.69f, 0.5498f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {}, PostTransform::kLogistic,
      {0, 1}, {{0.5744f, 0.3318f}, {0.31f, 0.5498f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {}, PostTransform::kLogistic, {1, 1}, {{0.4256f, 0.5744f}, {0.5f, 0.6682f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {}, PostTransform::kLogistic, {0, 1}, {{0.5744f, 0.4256f}, {0.5f, 0.6682f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {}, PostTransform::kSoftmax,
      {1, 1}, {{0.4013f, 0.5987f}, {0.6457f, 0.3543f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {}, PostTransform::kSoftmax,
      {0, 1}, {{0.7311f, 0.2689f}, {0.2689f, 0.7311f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {}, PostTransform::kSoftmax, {1, 1}, {{-0.3f, 0.3f}, {0.3318f, 0.6682f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {}, PostTransform::kSoftmax, {0, 1}, {{0.3f, -0.3f}, {0.3318f, 0.6682f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {0.25}, PostTransform::kNone,
      {1, 1}, {{0.55f, 0.7f}, {1.05f, 0.2f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {0.25}, PostTransform::kNone,
      {0, 1}, {{0.55f, -0.7f}, {-0.55f, 0.2f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {0.25}, PostTransform::kNone, {1, 1}, {{0.55f, kNan}, {0.0f, 0.7f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {0.25}, PostTransform::kNone, {0, 1}, {{-0.05f, kNan}, {0.0f, 0.7f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {0.25}, PostTransform::kLogistic,
      {1, 1}, {{0.6341f, 0.6682f}, {0.7408f, 0.5498f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {0.25}, PostTransform::kLogistic,
      {0, 1}, {{0.6341f, 0.3318f}, {0.3659f, 0.5498f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {0.25}, PostTransform::kLogistic, {1, 1}, {{0.55f, 0.0f}, {0.5f, 0.6682f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {0.25}, PostTransform::kLogistic, {0, 1}, {{-0.05f, kNan}, {0.5f, 0.6682f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {0.25}, PostTransform::kSoftmax,
      {1, 1}, {{0.4626f, 0.5374f}, {0.7006f, 0.2994f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {0.25}, PostTransform::kSoftmax,
      {0, 1}, {{0.7773f, 0.2227f}, {0.3208f, 0.6792f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {0.25}, PostTransform::kSoftmax, {1, 1}, {{0.55f, kNan}, {0.3318f, 0.6682f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {0.25}, PostTransform::kSoftmax, {0, 1}, {{-0.05f, kNan}, {0.3318f, 0.6682f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {0.25, -0.5}, PostTransform::kNone,
      {0, 1}, {{0.2f, -0.2f}, {-0.3f, 0.3f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {0.25, -0.5}, PostTransform::kNone,
      {0, 0}, {{0.2f, -0.2f}, {1.3f, -1.3f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {0.25, -0.5}, PostTransform::kNone, {1, 0}, {{0.55f, 0.0f}, {0.0f, -0.5f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {0.25, -0.5}, PostTransform::kNone, {0, 0}, {{-0.05f, 0.0f}, {0.0f, -0.5f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {0.25, -0.5}, PostTransform::kLogistic,
      {0, 1}, {{0.5498f, 0.4502f}, {0.4256f, 0.5744f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {0.25, -0.5}, PostTransform::kLogistic,
      {0, 0}, {{0.5498f, 0.4502f}, {0.7858f, 0.2142f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {0.25, -0.5}, PostTransform::kLogistic, {1, 0}, {{0.6341f, 0.5f}, {0.5f, 0.3775f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {0.25, -0.5}, PostTransform::kLogistic, {0, 0}, {{0.4875f, 0.5f}, {0.5f, 0.3775f}}},
    {2, {{{0, 0.3}, {1, 0.7}}, {{0, 0.8}, {1, 0.2}}}, {0.25, -0.5}, PostTransform::kSoftmax,
      {0, 1}, {{0.5987f, 0.4013f}, {0.3543f, 0.6457f}}},
    {2, {{{0, 0.3}, {1, -0.7}}, {{0, -0.8}, {1, 0.2}}}, {0.25, -0.5}, PostTransform::kSoftmax,
      {0, 0}, {{0.5987f, 0.4013f}, {0.9309f, 0.0691f}}},
    {2, {{{0, 0.3}}, {{1, 0.7}}}, {0.25, -0.5}, PostTransform::kSoftmax,
      {1, 0}, {{0.6341f, 0.3659f}, {0.6225f, 0.3775f}}},
    {2, {{{0, -0.3}}, {{1, 0.7}}}, {0.25, -0.5}, PostTransform::kSoftmax,
      {0, 0}, {{0.4875f, 0.5125f}, {0.6225f, 0.3775f}}},
    {1, {{{0, 0.3}}, {{0, 0.7}}}, {}, PostTransform::kNone, {1, 1}, {{0.3f}, {0.7f}}},
    {1, {{{0, -0.3}}, {{0, 0.7}}}, {}, PostTransform::kNone, {0, 1}, {{-0.3f}, {0.7f}}},
    {1, {{{0, 0.3}}, {{0, 0.7}}}, {}, PostTransform::kLogistic, {1, 1}, {{0.3f}, {0.7f}}},
    {1, {{{0, -0.3}}, {{0, 0.7}}}, {}, PostTransform::kLogistic, {0, 1}, {{-0.3f}, {0.7f}}},
    {1, {{{0, 0.3}}, {{0, 0.7}}}, {}, PostTransform::kProbit, {1, 1}, {{-0.5244f}, {0.5244f}}},
    {1, {{{0, -0.3}}, {{0, 0.7}}}, {}, PostTransform::kProbit, {0, 1}, {{kNan}, {0.5244f}}},
    {1, {{{0, 0.3}}, {{0, 0.7}}}, {0.25}, PostTransform::kNone, {1, 1}, {{0.55f}, {0.95f}}},
    {1, {{{0, -0.3}}, {{0, 0.7}}}, {0.25}, PostTransform::kNone, {0, 1}, {{-0.05f}, {0.95f}}},
    {1, {{{0, 0.3}}, {{0, 0.7}}}, {0.25}, PostTransform::kLogistic, {1, 1}, {{0.55f}, {0.95f}}},
    {1, {{{0, -0.3}}, {{0, 0.7}}}, {0.25}, PostTransform::kLogistic, {0, 1}, {{-0.05f}, {0.95f}}},
    {1, {{{0, 0.3}}, {{0, 0.7}}}, {0.25}, PostTransform::kProbit, {1, 1}, {{0.1257f}, {1.6447f}}},
    {1, {{{0, -0.3}}, {{0, 0.7}}}, {0.25}, PostTransform::kProbit, {0, 1}, {{kNan}, {1.6447f}}},
    {3, {{{1, -0.3}}, {{2, 0.8}}}, {}, PostTransform::kNone, {1, 2}, {{0.0f, -0.3f, 0.0f}, {0.0f, 0.0f, 0.8f}}},
    {3, {{{0, 0.3}, {1, 0.3}, {2, 0.1}}, {{0, -0.3}, {1, -0.3}, {2, -0.3}}}, {}, PostTransform::kNone,
      {0, 0}, {{0.3f, 0.3f, 0.1f}, {-0.3f, -0.3f, -0.3f}}},
    {3, {{{1, -0.3}}, {{2, 0.8}}}, {}, PostTransform::kSoftmax,
      {1, 2}, {{0.3649f, 0.2703f, 0.3649f}, {0.2367f, 0.2367f, 0.5267f}}},
    {3, {{{0, 0.3}, {1, 0.3}, {2, 0.1}}, {{0, -0.3}, {1, -0.3}, {2, -0.3}}}, {}, PostTransform::kSoftmax,
      {0, 0}, {{0.3548f, 0.3548f, 0.2905f}, {0.3333f, 0.3333f, 0.3333f}}},
    {3, {{{1, -0.3}}, {{2, 0.8}}}, {}, PostTransform::kSoftmaxZero, {1, 2}, {{0.0f, 1.0f, 0.0f}, {0.0f, 0.0f, 1.0f}}},
    {3, {{{0, 0.3}, {1, 0.3}, {2, 0.1}}, {{0, -0.3}, {1, -0.3}, {2, -0.3}}}, {}, PostTransform::kSoftmaxZero,
      {0, 0}, {{0.3548f, 0.3548f, 0.2905f}, {0.3333f, 0.3333f, 0.3333f}}},
    {3, {{{1, -0.3}}, {{2, 0.8}}}, {0.25, -0.5, 0.1}, PostTransform::kNone,
      {0, 2}, {{0.25f, -0.8f, 0.1f}, {0.25f, -0.5f, 0.9f}}},
    {3, {{{0, 0.3}, {1, 0.3}, {2, 0.1}}, {{0, -0.3}, {1, -0.3}, {2, -0.3}}}, {0.25, -0.5, 0.1}, PostTransform::kNone,
      {0, 0}, {{0.55f, -0.2f, 0.2f}, {-0.05f, -0.8f, -0.2f}}},
    {3, {{{1, -0.3}}, {{2, 0.8}}}, {0.25, -0.5, 0.1}, PostTransform::kSoftmax,
      {0, 2}, {{0.4524f, 0.1583f, 0.3893f}, {0.2952f, 0.1394f, 0.5654f}}},
    {3, {{{0, 0.3}, {1, 0.3}, {2, 0.1}}, {{0, -0.3}, {1, -0.3}, {2, -0.3}}}, {0.25, -0.5, 0.1}, PostTransform::kSoftmax,
      {0, 0}, {{0.4593f, 0.217f, 0.3237f}, {0.4286f, 0.2025f, 0.3689f}}},
    {3, {{{1, -0.3}}, {{2, 0.8}}}, {0.25, -0.5, 0.1}, PostTransform::kSoftmaxZero,
      {0, 2}, {{0.4524f, 0.1583f, 0.3893f}, {0.2952f, 0.1394f, 0.5654f}}},
    {3, {{{0, 0.3}, {1, 0.3}, {2, 0.1}}, {{0, -0.3}, {1, -0.3}, {2, -0.3}}}, {0.25, -0.5, 0.1},
      PostTransform::kSoftmaxZero,
      {0, 0}, {{0.4593f, 0.217f, 0.3237f}, {0.4286f, 0.2025f, 0.3689f}}},
    // clang-format on
};

Ensemble Stump(const Case& c) {
  Ensemble e{.targets = c.classes, .base_values = c.base_values};
  e.nodes = {{.mode = Mode::kLessOrEqual, .true_child = 1, .false_child = 2}};
  for (const auto& weights : c.leaves) {
    e.nodes.push_back({.first_weight = static_cast<uint32_t>(e.weights.size()),
                       .weight_count = static_cast<uint32_t>(weights.size())});
    e.weights.insert(e.weights.end(), weights.begin(), weights.end());
  }
  e.roots = {0};
  return e;
}

TEST(Classifier, AnswersLikeTheReference) {
  for (size_t i = 0; i < kCases.size(); ++i) {
    const Case& c = kCases[i];
    const Classifier classifier = Classifier::Build(Stump(c), c.transform);
    const float rows[] = {-1, 1};
    int64_t answers[2];
    std::vector<float> scores(2 * c.classes);
    classifier.Predict({.data = rows, .count = 2, .stride = 1}, answers, scores.data());
    for (size_t r = 0; r < 2; ++r) {
      EXPECT_EQ(answers[r], c.answers[r]) << "case " << i << ", row " << r;
      for (size_t k = 0; k < c.classes; ++k)
        if (!std::isnan(c.scores[r][k])) {
          EXPECT_NEAR(scores[r * c.classes + k], c.scores[r][k], 6e-5)
              << "case " << i << ", row " << r << ", class " << k;
        }
    }
  }
}

TEST(Classifier, TakesTheBestOfManyClasses) {
  const testing::Shape shape{.trees = 25, .targets = 5, .depth = 5};
  const Ensemble ensemble = testing::RandomEnsemble(shape, 3);
  const std::vector<float> rows = testing::RandomRows(300, shape, 4);
  const std::vector<float> raw = testing::Reference<float, float>(ensemble, rows.data(), 300, shape.features);
  std::vector<int64_t> classes(300);
  std::vector<float> scores(1500);
  Classifier::Build(ensemble, PostTransform::kSoftmax)
      .Predict({.data = rows.data(), .count = 300, .stride = shape.features}, classes.data(), scores.data());
  for (size_t r = 0; r < 300; ++r) {
    const float* s = raw.data() + 5 * r;
    ASSERT_EQ(classes[r], std::max_element(s, s + 5) - s);
    float sum = 0;
    for (size_t k = 0; k < 5; ++k) sum += std::exp(s[k]);
    for (size_t k = 0; k < 5; ++k) ASSERT_NEAR(scores[5 * r + k], std::exp(s[k]) / sum, 1e-6);
  }
}

TEST(Classifier, RefusesAWrongNumberOfBaseValues) {
  Case c = kCases.back();
  c.base_values = {1};
  EXPECT_THROW(Classifier::Build(Stump(c), PostTransform::kNone), std::invalid_argument);
}

TEST(PostTransform, HasNames) {
  EXPECT_EQ(ParsePostTransform("SOFTMAX_ZERO"), PostTransform::kSoftmaxZero);
  EXPECT_THROW(ParsePostTransform("RELU"), std::invalid_argument);
}

TEST(PostTransform, LeavesASingleTargetAloneUnlessProbit) {
  float x = 0.3f;
  TransformScores(PostTransform::kLogistic, &x, 1, 1);
  EXPECT_EQ(x, 0.3f);
  TransformScores(PostTransform::kProbit, &x, 1, 1);
  EXPECT_NEAR(x, -0.5244, 1e-3);
}

}  // namespace
}  // namespace lamina::forest
