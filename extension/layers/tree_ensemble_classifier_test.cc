#include <algorithm>

#include "extension/layers/tree_testing.h"

namespace lamina::layers {
namespace {

TEST(TreeEnsembleClassifier, ChoosesTheHighestSum) {
  CompleteTrees trees(7, 3, 4, 3);
  trees.mode = "BRANCH_GT";
  AttributeSet strings = trees.Attributes("class"), ints = trees.Attributes("class"),
               places = trees.Attributes("class");
  strings.Strings("classlabels_strings", {"a", "b", "c"});
  ints.Ints("classlabels_int64s", {7, -8, 9});
  places.Ints("classlabels_int64s", {0, 1, 2});
  for (const size_t rows : {0, 1, 33, 100, 500}) {
    const auto x = Floats(rows * 4);
    const auto n = static_cast<int64_t>(rows);
    std::vector<float> scores;
    std::vector<std::string> names;
    std::vector<int64_t> labels, best;
    for (size_t r = 0; r < rows; ++r) {
      const auto sums = trees.Sum(x.data() + 4 * r);
      scores.insert(scores.end(), sums.begin(), sums.end());
      best.push_back(std::max_element(sums.begin(), sums.end()) - sums.begin());
      names.push_back(std::string(1, static_cast<char>('a' + best.back())));
      labels.push_back(best.back() == 0 ? 7 : best.back() == 1 ? -8 : 9);
    }
    const Value input = Rows(rows, 4, x), expected = Rows(rows, 3, scores);
    EXPECT_EQ("", CheckEverywhere("TreeEnsembleClassifier", strings, {input}, {Value::Strings({n}, names), expected}))
        << rows;
    EXPECT_EQ("", CheckEverywhere("TreeEnsembleClassifier", ints, {input}, {Value::Of<int64_t>({n}, labels), expected}))
        << rows;
    EXPECT_EQ("", CheckEverywhere("TreeEnsembleClassifier", places, {input}, {Value::Of<int64_t>({n}, best), expected}))
        << rows;
  }
}

/// One split, two leaves, weights for one class alone.
AttributeSet Binary(std::vector<float> weights, int64_t target, const char* transform) {
  AttributeSet set;
  set.Ints("nodes_treeids", {0, 0, 0}).Ints("nodes_nodeids", {0, 1, 2}).Ints("nodes_featureids", {0, 0, 0});
  set.Strings("nodes_modes", {"BRANCH_LEQ", "LEAF", "LEAF"}).Floats("nodes_values", {0, 0, 0});
  set.Ints("nodes_truenodeids", {1, 0, 0}).Ints("nodes_falsenodeids", {2, 0, 0});
  set.Ints("class_treeids", {0, 0})
      .Ints("class_nodeids", {1, 2})
      .Ints("class_ids", {target, target})
      .Floats("class_weights", std::move(weights));
  set.String("post_transform", transform);
  return set;
}

TEST(TreeEnsembleClassifier, DecidesBetweenTwoByOneSum) {
  const auto check = [](std::vector<float> weights, const char* transform, std::vector<int64_t> labels,
                        std::vector<float> scores) {
    AttributeSet attributes = Binary(std::move(weights), 0, transform);
    attributes.Ints("classlabels_int64s", {5, 6});
    EXPECT_EQ("", CheckEverywhere("TreeEnsembleClassifier", attributes, {Rows<float>(2, 1, {-1, 1})},
                                  {Value::Of<int64_t>({2}, labels), Rows(2, 2, scores)}, 1e-6))
        << transform;
  };
  check({0.25f, 0.75f}, "NONE", {5, 6}, {0.75f, 0.25f, 0.25f, 0.75f});
  check({-0.25f, 0.25f}, "NONE", {5, 6}, {0.25f, -0.25f, -0.25f, 0.25f});
  check({-0.25f, 0.25f}, "LOGISTIC", {5, 6}, {0.5621765f, 0.4378235f, 0.4378235f, 0.5621765f});
}

TEST(TreeEnsembleClassifier, OneIntegerLabelMeansYesOrNoAndOneStringItself) {
  AttributeSet strings = Binary({-1, 1}, 0, "NONE"), ints = Binary({-1, 1}, 0, "NONE");
  strings.Strings("classlabels_strings", {"a"});
  ints.Ints("classlabels_int64s", {7});
  const Value x = Rows<float>(2, 1, {-1, 1}), scores = Rows<float>(2, 1, {-1, 1});
  EXPECT_EQ("", CheckEverywhere("TreeEnsembleClassifier", strings, {x}, {Value::Strings({2}, {"a", "a"}), scores}));
  EXPECT_EQ("", CheckEverywhere("TreeEnsembleClassifier", ints, {x}, {Value::Of<int64_t>({2}, {0, 1}), scores}));
}

TEST(TreeEnsembleClassifier, AnswersTheLabelsAloneOrTheScoresAlone) {
  AttributeSet attributes = Binary({0.25f, 0.75f}, 1, "NONE");
  attributes.Strings("classlabels_strings", {"no", "yes"});
  testkit::Options options;
  options.output_count = 1;
  const Outcome got = testkit::RunLayer("TreeEnsembleClassifier", attributes, {Rows<float>(2, 1, {-1, 1})}, options);
  EXPECT_EQ("", got.error);
  EXPECT_EQ("", testkit::Difference(got.outputs.at(0), Value::Strings({2}, {"no", "yes"})));
}

TEST(TreeEnsembleClassifier, RefusesWhatDoesNotFit) {
  EXPECT_FAILS("0 string labels and 0 integer labels", "TreeEnsembleClassifier", Binary({1, 2}, 0, "NONE"),
               {Rows<float>(1, 1, {1})});
  AttributeSet far = Binary({1, 2}, 5, "NONE");
  far.Ints("classlabels_int64s", {1, 2});
  EXPECT_FAILS("TreeEnsembleClassifier: ", "TreeEnsembleClassifier", far, {Rows<float>(1, 1, {1})});
}

}  // namespace
}  // namespace lamina::layers
