#include <cmath>
#include <string>
#include <tuple>

#include "extension/layers/tree_testing.h"

namespace lamina::layers {
namespace {

template <class T>
std::vector<float> Expected(const CompleteTrees& trees, const std::vector<T>& x) {
  std::vector<float> y;
  for (size_t r = 0; r < x.size(); r += trees.features) {
    for (const T sum : trees.Sum(x.data() + r)) y.push_back(static_cast<float>(sum));
  }
  return y;
}

TEST(TreeEnsembleRegressor, SumsTheLeavesOfEveryRow) {
  for (const size_t targets : {1, 3}) {
    for (const size_t rows : {0, 1, 2, 31, 32, 33, 64, 100, 700}) {
      CompleteTrees trees(11, 4, 5, targets);
      const auto x = Floats(rows * trees.features);
      AttributeSet attributes = trees.Attributes("target");
      attributes.Int("n_targets", static_cast<int64_t>(targets));
      EXPECT_EQ("", CheckEverywhere("TreeEnsembleRegressor", attributes, {Rows(rows, 5, x)},
                                    {Rows(rows, targets, Expected(trees, x))}))
          << rows << " rows, " << targets << " targets";
    }
  }
}

TEST(TreeEnsembleRegressor, TakesEveryType) {
  CompleteTrees trees(3, 3, 2, 1);
  for (float& threshold : trees.thresholds) threshold = std::round(threshold * 4);
  AttributeSet attributes = trees.Attributes("target");
  attributes.Int("n_targets", 1);
  const auto ints = Ints(40, -5, 5);
  const auto expected = Rows(20, 1, Expected(trees, Converted<float>(ints)));
  EXPECT_EQ("", CheckEverywhere("TreeEnsembleRegressor", attributes, {Rows(20, 2, ints)}, {expected}));
  EXPECT_EQ("",
            CheckEverywhere("TreeEnsembleRegressor", attributes, {Rows(20, 2, Converted<int32_t>(ints))}, {expected}));
  // A double just above a threshold is above it, though it would round to it in f32.
  std::vector<double> doubles = Converted<double>(ints);
  for (double& value : doubles) value += 1e-12;
  EXPECT_EQ("", CheckEverywhere("TreeEnsembleRegressor", attributes, {Rows(20, 2, doubles)},
                                {Rows(20, 1, Expected(trees, doubles))}, 1e-6));
}

TEST(TreeEnsembleRegressor, TakesTensorsOfDoubles) {
  CompleteTrees trees(3, 2, 2, 1);
  AttributeSet plain = trees.Attributes("target");
  const auto x = Floats(2 * 50);
  AttributeSet doubles;
  CompleteTrees renamed = trees;
  renamed.thresholds.clear();
  renamed.weights.clear();
  doubles = renamed.Attributes("target");
  doubles.Tensor("nodes_values_as_tensor", Value::Of<double>({static_cast<int64_t>(trees.thresholds.size())},
                                                             Converted<double>(trees.thresholds)));
  doubles.Tensor("target_weights_as_tensor",
                 Value::Of<double>({static_cast<int64_t>(trees.weights.size())}, Converted<double>(trees.weights)));
  doubles.Tensor("base_values_as_tensor", Value::Of<double>({1}, {0.5}));
  std::vector<float> y;
  for (const float sum : Expected(trees, Converted<double>(x))) y.push_back(sum + 0.5f);
  EXPECT_EQ("", CheckEverywhere("TreeEnsembleRegressor", doubles, {Rows(50, 2, Converted<double>(x))}, {Rows(50, 1, y)},
                                1e-6));
}

/// Two trees of one leaf each.
AttributeSet Leaves(const char* aggregate, const char* transform) {
  AttributeSet set;
  set.Ints("nodes_treeids", {0, 1})
      .Ints("nodes_nodeids", {0, 0})
      .Ints("nodes_featureids", {0, 0})
      .Strings("nodes_modes", {"LEAF", "LEAF"});
  set.Floats("nodes_values", {0, 0}).Ints("nodes_truenodeids", {0, 0}).Ints("nodes_falsenodeids", {0, 0});
  set.Floats("base_values", {0.25f}).String("aggregate_function", aggregate).String("post_transform", transform);
  return set;
}

AttributeSet OneLeaf(const char* aggregate, const char* transform) {
  AttributeSet set = Leaves(aggregate, transform);
  set.Ints("target_treeids", {0, 0, 1})
      .Ints("target_nodeids", {0, 0, 0})
      .Ints("target_ids", {0, 0, 0})
      .Floats("target_weights", {3, 100, 5});
  return set;
}

TEST(TreeEnsembleRegressor, AggregatesTreesOfOneLeaf) {
  for (const size_t rows : {1, 37, 200}) {
    const auto check = [&](const char* aggregate, float y) {
      EXPECT_EQ("", CheckEverywhere("TreeEnsembleRegressor", OneLeaf(aggregate, "NONE"),
                                    {Rows(rows, 2, Floats(2 * rows))}, {Rows(rows, 1, std::vector<float>(rows, y))}))
          << aggregate << ", " << rows << " rows";
    };
    check("SUM", 8.25f);  // of the first leaf's two weights for the one target the first counts
    check("AVERAGE", 4.25f);
    check("MIN", 3.25f);
    check("MAX", 5.25f);
  }
}

TEST(TreeEnsembleRegressor, ALeafWithoutWeightsWeighsNothing) {
  for (const auto& [aggregate, y] : {std::pair("SUM", -4.75f), {"AVERAGE", -2.25f}, {"MIN", -4.75f}, {"MAX", 0.25f}}) {
    AttributeSet attributes = Leaves(aggregate, "NONE");
    attributes.Ints("target_treeids", {0})
        .Ints("target_nodeids", {0})
        .Ints("target_ids", {0})
        .Floats("target_weights", {-5});
    EXPECT_EQ("", CheckEverywhere("TreeEnsembleRegressor", attributes, {Rows(40, 2, Floats(80))},
                                  {Rows(40, 1, std::vector<float>(40, y))}))
        << aggregate;
  }
}

TEST(TreeEnsembleRegressor, ATargetWithoutWeightsHasNoBaseValue) {
  CompleteTrees trees(2, 2, 2, 1);
  AttributeSet attributes = trees.Attributes("target");
  attributes.Int("n_targets", 3).Floats("base_values", {0.5f, 7, 8});
  const auto x = Floats(2 * 40);
  std::vector<float> y;
  for (const float sum : Expected(trees, x)) y.insert(y.end(), {sum + 0.5f, 0, 0});
  EXPECT_EQ("", CheckEverywhere("TreeEnsembleRegressor", attributes, {Rows(40, 2, x)}, {Rows(40, 3, y)}, 1e-6));
}

TEST(TreeEnsembleRegressor, ARowWithoutWeightsForATargetHasNoBaseValue) {
  for (const auto& [aggregate, first, second] :
       {std::tuple("SUM", 2.5f, 11.f), {"AVERAGE", 1.5f, 9.f}, {"MIN", -2.5f, 11.f}, {"MAX", 5.5f, 11.f}}) {
    AttributeSet attributes;  // a leaf; x[0] <= 0 ? a leaf for target 0 : one for target 1
    attributes.Ints("nodes_treeids", {0, 1, 1, 1}).Ints("nodes_nodeids", {0, 0, 1, 2});
    attributes.Ints("nodes_featureids", {0, 0, 0, 0}).Floats("nodes_values", {0, 0, 0, 0});
    attributes.Strings("nodes_modes", {"LEAF", "BRANCH_LEQ", "LEAF", "LEAF"});
    attributes.Ints("nodes_truenodeids", {0, 1, 0, 0}).Ints("nodes_falsenodeids", {0, 2, 0, 0});
    attributes.Ints("target_treeids", {0, 1, 1}).Ints("target_nodeids", {0, 1, 2}).Ints("target_ids", {0, 0, 1});
    attributes.Floats("target_weights", {5, -3, 4}).Floats("base_values", {0.5f, 7, 8}).Int("n_targets", 3);
    attributes.String("aggregate_function", aggregate);
    std::vector<float> x, y;
    const float alone = std::string(aggregate) == "AVERAGE" ? 3.f : 5.5f;
    for (int row = 0; row < 100; ++row) {
      x.push_back(row % 2 ? 1.f : -1.f);
      if (row % 2) {
        y.insert(y.end(), {alone, second, 0});
      } else {
        y.insert(y.end(), {first, 0, 0});
      }
    }
    EXPECT_EQ("", CheckEverywhere("TreeEnsembleRegressor", attributes, {Rows(100, 1, x)}, {Rows(100, 3, y)}))
        << aggregate;
  }
}

TEST(TreeEnsembleRegressor, RefusesWhatDoesNotFit) {
  CompleteTrees trees(1, 2, 4, 1);
  EXPECT_FAILS("the input has 1 features, the trees ask for feature", "TreeEnsembleRegressor",
               trees.Attributes("target"), {Rows<float>(1, 1, {1})});
  EXPECT_FAILS("aggregate_function 'MEDIAN' is unknown", "TreeEnsembleRegressor", OneLeaf("MEDIAN", "NONE"),
               {Rows<float>(1, 1, {1})});
  EXPECT_FAILS("post_transform 'CUBE' is unknown", "TreeEnsembleRegressor", OneLeaf("SUM", "CUBE"),
               {Rows<float>(1, 1, {1})});
  AttributeSet cut = trees.Attributes("target");
  cut.Ints("nodes_missing_value_tracks_true", {1});
  EXPECT_FAILS("TreeEnsembleRegressor: ", "TreeEnsembleRegressor", cut, {Rows<float>(1, 4, {1, 2, 3, 4})});
  AttributeSet both = trees.Attributes("target");
  both.Tensor("nodes_values_as_tensor", Value::Of<float>({1}, {1}));
  EXPECT_FAILS("'nodes_values' and 'nodes_values_as_tensor' are both given", "TreeEnsembleRegressor", both,
               {Rows<float>(1, 4, {1, 2, 3, 4})});
}

}  // namespace
}  // namespace lamina::layers
