// Small models that would become great ones, and models greater than the layouts are for.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "extension/forest/forest.h"
#include "extension/forest/test_ensembles.h"

namespace lamina::forest {
namespace {

/// Megabytes that this process has had at once, up to now.
long PeakMegabytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/// Each level's only node is both children of the level above: a tree of 2^levels leaves.
Ensemble SharedChildren(uint32_t levels, uint32_t targets = 1) {
  Ensemble ensemble{.nodes = {{.weight_count = targets}}, .roots = {levels}, .targets = targets};
  for (uint32_t k = 0; k < targets; ++k) ensemble.weights.push_back({k, 2.5});
  for (uint32_t i = 0; i < levels; ++i)
    ensemble.nodes.push_back({.mode = Mode::kLess,
                              .feature = i,
                              .threshold = 1,
                              .true_child = i,
                              .false_child = i,
                              .tree_id = 7,
                              .node_id = i + 1});
  return ensemble;
}

std::string ErrorOf(const Ensemble& ensemble) {
  try {
    Forest::Build(ensemble);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

void ExpectTooManyCopies(const Ensemble& ensemble, uint32_t node) {
  const std::string error = ErrorOf(ensemble);
  EXPECT_NE(error.find("tree 7, node " + std::to_string(node) + ": children that several nodes share"),
            std::string::npos)
      << error;
}

TEST(Limits, SharedChildrenAreCopiedButNotWithoutEnd) {
  const float row[20] = {};
  float score = 0;
  Forest::Build(SharedChildren(10)).Predict({.data = row, .count = 1, .stride = 20}, &score);
  EXPECT_EQ(score, 2.5f);
  for (const uint32_t levels : {23u, 63u, 1000u}) ExpectTooManyCopies(SharedChildren(levels), levels);
}

TEST(Limits, CopiesOfWeightsCountToo) {
  EXPECT_EQ(ErrorOf(SharedChildren(8, 2000)), "");
  ExpectTooManyCopies(SharedChildren(12, 2000), 12);
}

TEST(Limits, TreesThatHaveTheSameNodesAreCopies) {
  Ensemble ensemble = testing::RandomEnsemble({.trees = 1, .depth = 8, .stop = 0}, 1);
  ensemble.nodes[ensemble.roots[0]].tree_id = 7;
  ensemble.roots.assign(100, ensemble.roots[0]);
  EXPECT_EQ(ErrorOf(ensemble), "");
  ensemble.roots.assign(20000, ensemble.roots[0]);
  ExpectTooManyCopies(ensemble, 0);
}

/// A chain of sets of ten values each, of which every one that is not the first is another node's child, too, if
/// `shared`.
Ensemble ChainOfSets(uint32_t links, bool shared) {
  Ensemble ensemble{.nodes = {{.weight_count = 1}, {.first_weight = 1, .weight_count = 1}},
                    .weights = {{0, 1}, {0, 2}}};
  const auto add = [&](const Node& node) {
    ensemble.nodes.push_back(node);
    return static_cast<uint32_t>(ensemble.nodes.size() - 1);
  };
  uint32_t next = 1;
  std::vector<uint32_t> starts;
  for (uint32_t i = 0; i < links; ++i) {
    Node link{.mode = Mode::kMember, .true_child = 0, .false_child = next, .first_member = 10 * i, .member_count = 10};
    for (uint32_t k = 0; k < 10; ++k) ensemble.members.push_back(10 * i + k);
    starts.push_back(next = add(link));
  }
  for (uint32_t i = 0; shared && i < links; ++i)
    next = add({.mode = Mode::kLess,
                .feature = 1,
                .threshold = i + 1.0,
                .true_child = starts[i],
                .false_child = next,
                .tree_id = 7,
                .node_id = i});
  ensemble.roots = {next};
  return ensemble;
}

// Levels of a tree. They take the stack, of which AddressSanitizer makes a level need ten times as much.
#ifdef __SANITIZE_ADDRESS__
constexpr int kDeep = 800;
#else
constexpr int kDeep = 4000;
#endif
// ThreadSanitizer keeps several bytes for each.
#ifdef __SANITIZE_THREAD__
constexpr long kFewMegabytes = 1000;
#else
constexpr long kFewMegabytes = 100;
#endif

TEST(Limits, AChainOfSetsTakesNoMoreThanItsValues) {
  const long before = PeakMegabytes();
  const Ensemble ensemble = ChainOfSets(kDeep, false);
  const Forest forest = Forest::Build(ensemble);
  EXPECT_LT(PeakMegabytes() - before, kFewMegabytes);
  const float end = 10 * kDeep;
  const std::vector<float> rows = {-1, 0, 17, end - 1, end, end - 0.5f};
  std::vector<float> scores(rows.size());
  forest.Predict({.data = rows.data(), .count = rows.size(), .stride = 1}, scores.data());
  EXPECT_EQ(scores, (std::vector<float>{2, 1, 1, 1, 2, 2}));
}

TEST(Limits, ChainsThatShareTheirEndsAreCopies) {
  const Ensemble few = ChainOfSets(50, true);
  const std::vector<float> rows = {0, 0, 17, 30, 499, 49.5f, 250, 12, 500, 0};
  std::vector<float> scores(5);
  Forest::Build(few).Predict({.data = rows.data(), .count = 5, .stride = 2}, scores.data());
  EXPECT_EQ(scores, (testing::Reference<float, float>(few, rows.data(), 5, 2)));
  if (kDeep >= 2000) ExpectTooManyCopies(ChainOfSets(2000, true), 1999);
}

TEST(Limits, TheFeaturesThatNobodyAsksForTakeNothing) {
  const long before = PeakMegabytes();
  const uint32_t far = 20'000'000;
  Ensemble ensemble = SharedChildren(3);
  ensemble.nodes.back().feature = far;
  const Forest forest = Forest::Build(ensemble);
  EXPECT_LT(PeakMegabytes() - before, kFewMegabytes);
  EXPECT_EQ(forest.features(), far + 1);
}

TEST(Limits, FeaturesFarApartAreFound) {
  for (const uint32_t apart : {1u, 1000u, 100'000u}) {
    testing::Shape shape{.trees = 30, .features = 5, .modes = {Mode::kLess, Mode::kMember}, .missing = true};
    Ensemble ensemble = testing::RandomEnsemble(shape, 4);
    for (Node& node : ensemble.nodes) node.feature *= apart;
    const size_t stride = 4 * apart + 1;
    std::vector<float> rows(20 * stride);
    const std::vector<float> values = testing::RandomRows(20, shape, 9);
    for (size_t r = 0; r < 20; ++r)
      for (size_t f = 0; f < 5; ++f) rows[r * stride + f * apart] = values[r * 5 + f];
    const Forest forest = Forest::Build(ensemble);
    const auto expected = testing::Reference<float, float>(ensemble, rows.data(), 20, stride);
    for (const size_t count : {1, 20}) {
      std::vector<float> scores(count);
      forest.Predict({.data = rows.data(), .count = count, .stride = stride}, scores.data());
      EXPECT_EQ(scores, std::vector<float>(expected.begin(), expected.begin() + static_cast<ptrdiff_t>(count)));
    }
  }
}

/// 256 leaves with 256 weights each, no target in two of them: a table of 1 KiB for each weight.
TEST(Limits, MoreThanFourGigabytesOfTablesAreWalked) {
  const testing::Shape shape{.trees = 65, .depth = 8, .stop = 0, .distinct = 200};
  Ensemble ensemble = testing::RandomEnsemble(shape, 1);
  ensemble.targets = 256 * 256;
  ensemble.weights.clear();
  for (uint32_t k = 0; k < ensemble.targets; ++k) ensemble.weights.push_back({k, 1 + k % 7 * 0.5});
  uint32_t leaf = 0;
  for (Node& node : ensemble.nodes)
    if (node.mode == Mode::kLeaf) {
      node.first_weight = leaf++ % 256 * 256;
      node.weight_count = 256;
    }
  const Forest forest = Forest::Build(ensemble);
  EXPECT_NE(forest.Describe().find("walked"), std::string::npos) << forest.Describe();
  const std::vector<float> rows = testing::RandomRows(2, shape, 2);
  std::vector<float> scores(2 * ensemble.targets);
  forest.Predict({.data = rows.data(), .count = 2, .stride = shape.features}, scores.data());
  EXPECT_EQ(scores, (testing::Reference<float, float>(ensemble, rows.data(), 2, shape.features)));
}

}  // namespace
}  // namespace lamina::forest
