#include <cmath>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

/// x[0] <= split ? 1 : (x[1] in {2, 5} ? 10 : 100), with NaN of x[0] going right.
template <class T>
AttributeSet TwoLevels(int64_t aggregate = 1, int64_t transform = 0, int64_t targets = 1) {
  AttributeSet set;
  set.Ints("tree_roots", {0}).Ints("nodes_featureids", {0, 1}).Tensor("nodes_modes", Value::Of<uint8_t>({2}, {0, 6}));
  set.Tensor("nodes_splits", Value::Of<T>({2}, {T(0.1), 0}))
      .Tensor("membership_values", Value::Of<T>({3}, {2, 5, T(NAN)}));
  set.Ints("nodes_truenodeids", {0, 1})
      .Ints("nodes_trueleafs", {1, 1})
      .Ints("nodes_falsenodeids", {1, 2})
      .Ints("nodes_falseleafs", {0, 1});
  set.Ints("leaf_targetids", {0, 0, 0}).Tensor("leaf_weights", Value::Of<T>({3}, {1, 10, 100}));
  set.Int("n_targets", targets).Int("aggregate_function", aggregate).Int("post_transform", transform);
  return set;
}

TEST(TreeEnsemble, BranchesOnComparisonsAndMembership) {
  const AttributeSet attributes = TwoLevels<float>();
  EXPECT_EQ("",
            CheckEverywhere("TreeEnsemble", attributes, {Rows<float>(5, 2, {0, 2, 0.1f, 5, 0.2f, 5, 0.2f, 4, NAN, 2})},
                            {Rows<float>(5, 1, {1, 1, 10, 100, 10})}));
  const std::vector<float> many(2 * 300, 5);
  EXPECT_EQ("", CheckEverywhere("TreeEnsemble", attributes, {Rows(300, 2, many)},
                                {Rows(300, 1, std::vector<float>(300, 10))}));
}

TEST(TreeEnsemble, ComparesAndAnswersDoublesInDouble) {
  const AttributeSet attributes = TwoLevels<double>();
  const double above = std::nextafter(0.1, 1.0);
  EXPECT_EQ("", CheckEverywhere("TreeEnsemble", attributes, {Rows<double>(3, 2, {0.1, 2, above, 2, above, 3})},
                                {Rows<double>(3, 1, {1, 10, 100})}));
}

TEST(TreeEnsemble, TakesHalfFloats) {
  AttributeSet set;
  const auto half = [](uint16_t bits) { return Float16{bits}; };
  set.Ints("tree_roots", {0}).Ints("nodes_featureids", {0}).Tensor("nodes_modes", Value::Of<uint8_t>({1}, {1}));
  set.Tensor("nodes_splits", Value::Of<Float16>({1}, {half(0x3C00)}));  // 1
  set.Ints("nodes_truenodeids", {0})
      .Ints("nodes_trueleafs", {1})
      .Ints("nodes_falsenodeids", {1})
      .Ints("nodes_falseleafs", {1});
  set.Ints("leaf_targetids", {0, 0})
      .Tensor("leaf_weights", Value::Of<Float16>({2}, {half(0xC000), half(0x7BFF)}));  // -2, 65504
  EXPECT_EQ("", CheckEverywhere("TreeEnsemble", set, {Rows<Float16>(2, 1, {half(0x3BFF), half(0x3C00)})},
                                {Rows<Float16>(2, 1, {half(0xC000), half(0x7BFF)})}));
}

TEST(TreeEnsemble, TransformsAndAggregates) {
  const Value x = Rows<float>(1, 2, {0, 0});
  for (int64_t aggregate = 0; aggregate < 4; ++aggregate) {
    EXPECT_EQ("", CheckEverywhere("TreeEnsemble", TwoLevels<float>(aggregate), {x}, {Rows<float>(1, 1, {1})}))
        << aggregate;
  }
  EXPECT_EQ("", CheckEverywhere("TreeEnsemble", TwoLevels<float>(1, 4), {x}, {Rows<float>(1, 1, {INFINITY})}));
}

TEST(TreeEnsemble, RefusesWhatDoesNotFit) {
  const Value x = Rows<float>(1, 2, {0, 0});
  EXPECT_FAILS("aggregate_function is 4, expected 0 to 3", "TreeEnsemble", TwoLevels<float>(4), {x});
  EXPECT_FAILS("post_transform is -1, expected 0 to 4", "TreeEnsemble", TwoLevels<float>(1, -1), {x});
  EXPECT_FAILS("n_targets is 2000000000, expected 1 to 1048576", "TreeEnsemble", TwoLevels<float>(1, 0, 2'000'000'000),
               {x});
  AttributeSet modes;
  modes.Tensor("nodes_modes", Value::Of<float>({1}, {256})).Ints("tree_roots", {0}).Ints("nodes_featureids", {0});
  modes.Tensor("nodes_splits", Value::Of<float>({1}, {0})).Ints("nodes_truenodeids", {0}).Ints("nodes_trueleafs", {1});
  modes.Ints("nodes_falsenodeids", {0}).Ints("nodes_falseleafs", {1}).Ints("leaf_targetids", {0});
  modes.Tensor("leaf_weights", Value::Of<float>({1}, {1}));
  EXPECT_FAILS("nodes_modes has 256", "TreeEnsemble", modes, {x});
  EXPECT_FAILS("the input has 1 features", "TreeEnsemble", TwoLevels<float>(), {Rows<float>(1, 1, {0})});
}

}  // namespace
}  // namespace lamina::layers
