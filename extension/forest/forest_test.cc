#include "extension/forest/forest.h"

#include <algorithm>
#include <atomic>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "extension/forest/isa.h"
#include "extension/forest/test_ensembles.h"
#include "gtest/gtest.h"

namespace lamina::forest {
namespace {

using testing::RandomEnsemble;
using testing::RandomRows;
using testing::Reference;
using testing::Shape;

const std::vector<Mode> kOrder = {Mode::kLessOrEqual, Mode::kLess, Mode::kGreaterOrEqual, Mode::kGreater};
const std::vector<Mode> kAll = {Mode::kLessOrEqual, Mode::kLess,     Mode::kGreaterOrEqual, Mode::kGreater,
                                Mode::kEqual,       Mode::kNotEqual, Mode::kMember};

struct Case {
  std::string name;
  Shape shape;
  std::string kernel;  // a word of Describe()
};

std::vector<Case> CasesOfShapes() {
  std::vector<Case> out;
  for (int depth = 0; depth <= 9; ++depth)
    out.push_back({"Depth" + std::to_string(depth),
                   {.depth = depth, .stop = 0},
                   depth < 2                 ? "oblivious"
                   : depth > 2 && depth <= 8 ? "complete"
                                             : "program"});
  out.push_back({"Sparse", {.trees = 30, .depth = 14, .stop = 0.35}, "program"});
  out.push_back(
      {"SparseMissing", {.trees = 30, .depth = 12, .stop = 0.35, .modes = kOrder, .missing = true}, "program"});
  for (const uint32_t features : {16u, 45u, 100u, 200u})  // as many columns
    out.push_back({"SparseOf" + std::to_string(features),
                   {.trees = 60, .features = features, .depth = 14, .stop = 0.35, .modes = kOrder},
                   "program"});
  out.push_back(
      {"Symmetric", {.trees = 50, .depth = 6, .modes = kAll, .missing = true, .symmetric = true}, "oblivious"});
  out.push_back({"Symmetric8", {.trees = 50, .depth = 8, .symmetric = true}, "oblivious"});
  out.push_back({"ManyTrees", {.trees = 2100, .depth = 4, .stop = 0.1, .modes = kOrder, .missing = true}, ""});
  out.push_back({"ManyTreesOfAllKinds",
                 {.trees = 1100, .depth = 9, .stop = 0.4, .distinct = 40, .modes = kAll, .missing = true},
                 "program"});
  out.push_back(
      {"Pieces", {.trees = 5, .depth = 10, .stop = 0.02, .distinct = 300, .modes = kAll, .missing = true}, ""});
  out.push_back(
      {"Deep", {.trees = 7, .depth = 13, .stop = 0.02, .distinct = 300, .modes = kOrder, .missing = true}, "deep"});
  return out;
}

std::vector<Case> CasesOfTests() {
  std::vector<Case> out;
  out.push_back({"Orders", {.depth = 6, .modes = kOrder, .missing = true}, "complete"});
  out.push_back({"AllModes", {.trees = 20, .depth = 7, .modes = kAll, .missing = true}, ""});
  out.push_back({"SetsSparse", {.trees = 20, .depth = 12, .stop = 0.35, .modes = kAll, .missing = true}, "program"});
  out.push_back({"FewFeatures", {.features = 1, .depth = 5, .modes = kAll, .missing = true}, ""});
  out.push_back({"ThreeFeatures", {.features = 3, .depth = 5, .modes = kAll, .missing = true}, ""});
  out.push_back(
      {"ManyFeatures", {.trees = 40, .features = 333, .depth = 7, .modes = kOrder, .missing = true}, "complete"});
  out.push_back(
      {"ManyThresholds",
       {.trees = 60, .features = 2, .depth = 8, .stop = 0.02, .distinct = 3000, .modes = kOrder, .missing = true},
       "complete"});
  out.push_back({"ManyValuesOfSets",
                 {.trees = 60, .features = 2, .depth = 8, .distinct = 900, .modes = kAll, .missing = true},
                 ""});
  for (const int depth : {5, 6, 8})
    out.push_back({"Sets" + std::to_string(depth),
                   {.trees = 23, .depth = depth, .stop = 0.02, .modes = {Mode::kMember}, .missing = true},
                   "complete"});
  out.push_back({"SetsOfClasses",
                 {.trees = 31, .targets = 3, .depth = 6, .stop = 0.05, .modes = kAll, .missing = true},
                 "complete"});
  out.push_back(
      {"WideRows", {.trees = 12, .features = 1000, .depth = 4, .modes = kOrder, .missing = true}, "complete"});
  out.push_back(
      {"DeepSets", {.trees = 3, .depth = 12, .stop = 0.01, .distinct = 300, .modes = kAll, .missing = true}, "walked"});
  return out;
}

std::vector<Case> CasesOfScores() {
  std::vector<Case> out;
  out.push_back({"Classes", {.trees = 35, .targets = 5, .depth = 6, .modes = kOrder, .missing = true}, "complete"});
  out.push_back(
      {"ClassesOfEight", {.trees = 35, .targets = 3, .depth = 8, .modes = kOrder, .missing = true}, "complete"});
  out.push_back({"VectorLeaves", {.trees = 20, .targets = 3, .depth = 7, .vector_leaves = true}, "complete"});
  out.push_back({"BaseValue", {.depth = 4, .base_values = {0.75}}, "complete"});
  out.push_back({"BaseValues", {.targets = 2, .depth = 4, .base_values = {0.75, -3}}, "complete"});
  for (const Aggregate aggregate : {Aggregate::kAverage, Aggregate::kMin, Aggregate::kMax}) {
    const std::string name = aggregate == Aggregate::kAverage ? "Average"
                             : aggregate == Aggregate::kMin   ? "Min"
                                                              : "Max";
    out.push_back(
        {name,
         {.trees = 11, .targets = 2, .depth = 6, .vector_leaves = true, .aggregate = aggregate, .base_values = {1, 2}},
         "complete"});
    out.push_back({name + "Sets",
                   {.trees = 9, .depth = 6, .stop = 0.02, .modes = {Mode::kMember}, .aggregate = aggregate},
                   "complete"});
    out.push_back({name + "OneTarget", {.trees = 70, .depth = 6, .aggregate = aggregate}, "complete"});
    out.push_back({name + "Eight", {.trees = 9, .depth = 8, .stop = 0.02, .aggregate = aggregate}, "complete"});
    out.push_back({name + "Pieces",
                   {.trees = 3,
                    .targets = 2,
                    .depth = 10,
                    .stop = 0,
                    .distinct = 200,
                    .vector_leaves = true,
                    .aggregate = aggregate},
                   "program"});
    out.push_back({name + "Deep",
                   {.trees = 3,
                    .targets = 2,
                    .depth = 12,
                    .stop = 0.01,
                    .distinct = 200,
                    .vector_leaves = true,
                    .aggregate = aggregate},
                   "deep"});
  }
  return out;
}

std::vector<Case> Cases() {
  std::vector<Case> out = CasesOfShapes();
  for (const auto& more : {CasesOfTests(), CasesOfScores()}) out.insert(out.end(), more.begin(), more.end());
  return out;
}

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class ForestOnTarget : public ::testing::TestWithParam<Case> {
 protected:
  void TearDown() override { CapTarget(""); }
};

/// Sums are made in the order of the trees, so that scores are equal to the last bit.
TEST_P(ForestOnTarget, EqualsTheDefinitionForEveryNumberOfRows) {
  const Shape shape = GetParam().shape;
  const Ensemble ensemble = RandomEnsemble(shape, 17);
  const Forest forest = Forest::Build(ensemble);
  EXPECT_NE(forest.Describe().find(GetParam().kernel), std::string::npos) << forest.Describe();
  const std::vector<float> rows = RandomRows(1200, shape, 3);
  const std::vector<float> expected = Reference<float, float>(ensemble, rows.data(), 1200, shape.features);
  for (const std::string& target : Targets()) {
    ASSERT_TRUE(CapTarget(target));
    ASSERT_EQ(Target(), target);
    for (const size_t count :
         {0, 1, 2, 3, 5, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 129, 255, 257, 511, 513, 1200}) {
      std::vector<float> scores(count * shape.targets + 1, -7);
      forest.Predict({.data = rows.data(), .count = count, .stride = shape.features}, scores.data());
      EXPECT_EQ(scores.back(), -7) << "written past the end";
      for (size_t i = 0; i < count * shape.targets; ++i)
        ASSERT_EQ(scores[i], expected[i])
            << target << ", row " << i / shape.targets << " of " << count << ", target " << i % shape.targets;
    }
  }
}

TEST_P(ForestOnTarget, ComparesDoublesAsDoublesAndIntegersAsFloats) {
  const Shape shape = GetParam().shape;
  const Ensemble ensemble = RandomEnsemble(shape, 5);
  const Forest forest = Forest::Build(ensemble, true);
  const std::vector<float> floats = RandomRows(300, shape, 8);
  std::vector<double> doubles(floats.begin(), floats.end());
  for (size_t i = 0; i < doubles.size(); i += 3)
    doubles[i] = std::nextafter(doubles[i], i % 2 ? 1e308 : -1e308);  // not a float any more
  std::vector<int64_t> integers(floats.size());
  for (size_t i = 0; i < integers.size(); ++i)
    integers[i] = static_cast<int64_t>(i * 2654435761u % 9) - 4 + (i % 7 == 0 ? (int64_t{1} << 53) + 1 : 0);
  const std::vector<float> as_floats(integers.begin(), integers.end());
  std::vector<float> scores(300 * shape.targets);
  for (const std::string& target : Targets()) {
    ASSERT_TRUE(CapTarget(target));
    forest.Predict({.data = doubles.data(), .type = RowType::kDouble, .count = 300, .stride = shape.features},
                   scores.data());
    EXPECT_EQ(scores, (Reference<double, float>(ensemble, doubles.data(), 300, shape.features))) << target;
    forest.Predict({.data = integers.data(), .type = RowType::kInt64, .count = 300, .stride = shape.features},
                   scores.data());
    EXPECT_EQ(scores, (Reference<float, float>(ensemble, as_floats.data(), 300, shape.features))) << target;
  }
  std::vector<double> exact(300 * shape.targets);
  forest.Predict({.data = doubles.data(), .type = RowType::kDouble, .count = 300, .stride = shape.features},
                 exact.data());
  EXPECT_EQ(exact, (Reference<double, double>(ensemble, doubles.data(), 300, shape.features)));
}

INSTANTIATE_TEST_SUITE_P(Shapes, ForestOnTarget, ::testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param.name; });

TEST(Forest, ReadsUnalignedRowsWithAStride) {
  const Shape shape{.trees = 20, .features = 6, .depth = 6, .modes = kOrder, .missing = true};
  const Ensemble ensemble = RandomEnsemble(shape, 1);
  const Forest forest = Forest::Build(ensemble);
  const std::vector<float> rows = RandomRows(200, {.features = 11}, 2);
  const std::vector<float> expected = Reference<float, float>(ensemble, rows.data() + 1, 199, 11);
  std::vector<float> scores(199);
  forest.Predict({.data = rows.data() + 1, .count = 199, .stride = 11}, scores.data());
  EXPECT_EQ(scores, expected);
}

TEST(Forest, SpreadsManyRowsOverThreadsAndKeepsFewOnTheCallers) {
  for (const int depth : {6, 13}) {
    const Shape shape{.trees = 70, .depth = depth, .stop = 0.01, .distinct = 200};
    const Ensemble ensemble = RandomEnsemble(shape, 1);
    const Forest forest = Forest::Build(ensemble);
    const std::vector<float> rows = RandomRows(5000, shape, 2);
    std::atomic<int> calls = 0;
    const Parallel parallel{.threads = 3, .run = [&](size_t count, const std::function<void(size_t)>& body) {
                              ++calls;
                              std::vector<std::jthread> threads;
                              for (size_t i = 0; i < count; ++i) threads.emplace_back([&body, i] { body(i); });
                            }};
    std::vector<float> scores(5000);
    forest.Predict({.data = rows.data(), .count = 5000, .stride = shape.features}, scores.data(), parallel);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(scores, (Reference<float, float>(ensemble, rows.data(), 5000, shape.features)));
    for (const size_t few : {1, 5})
      forest.Predict({.data = rows.data(), .count = few, .stride = shape.features}, scores.data(), parallel);
    EXPECT_EQ(calls, 1);
  }
}

TEST(Forest, ServesSeveralCallersAtOnce) {
  const Shape shape{.trees = 30, .depth = 7, .modes = kAll, .missing = true};
  const Ensemble ensemble = RandomEnsemble(shape, 1);
  const Forest forest = Forest::Build(ensemble);
  const std::vector<float> rows = RandomRows(600, shape, 2);
  const std::vector<float> expected = Reference<float, float>(ensemble, rows.data(), 600, shape.features);
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int j = 0; j < 5; ++j) {
        std::vector<float> scores(600);
        forest.Predict({.data = rows.data(), .count = 600, .stride = shape.features}, scores.data());
        EXPECT_EQ(scores, expected);
      }
    });
}

/// A chain of comparisons with one value each, as converters write a categorical split, is one question and costs one
/// node.
TEST(Forest, MakesOneSetOfAChainOfValues) {
  Ensemble ensemble;
  const auto leaf = [&](double value) {
    ensemble.weights.push_back({0, value});
    ensemble.nodes.push_back({.first_weight = static_cast<uint32_t>(ensemble.weights.size() - 1), .weight_count = 1});
    return static_cast<uint32_t>(ensemble.nodes.size() - 1);
  };
  uint32_t next = leaf(5);
  for (int v = 0; v < 300; ++v) {  // each value leads to a copy of the same subtree
    const uint32_t low = leaf(1), high = leaf(2);
    ensemble.nodes.push_back(
        {.mode = Mode::kLessOrEqual, .feature = 1, .threshold = 0.5, .true_child = low, .false_child = high});
    const auto subtree = static_cast<uint32_t>(ensemble.nodes.size() - 1);
    ensemble.nodes.push_back({.mode = Mode::kEqual,
                              .missing_tracks_true = v == 7,
                              .feature = 0,
                              .threshold = v * 2.0,
                              .true_child = subtree,
                              .false_child = next});
    next = static_cast<uint32_t>(ensemble.nodes.size() - 1);
  }
  ensemble.roots = {next};
  const Forest forest = Forest::Build(ensemble);
  EXPECT_NE(forest.Describe().find("oblivious"), std::string::npos) << forest.Describe();
  std::vector<float> rows;
  for (int i = -3; i < 700; ++i)
    rows.insert(rows.end(),
                {i == -3 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(i), i % 3 ? 0.0f : 1.0f});
  std::vector<float> scores(703);
  forest.Predict({.data = rows.data(), .count = 703, .stride = 2}, scores.data());
  EXPECT_EQ(scores, (Reference<float, float>(ensemble, rows.data(), 703, 2)));
}

TEST(Forest, WalksBigTreesOfManyTargetsWithFewWeights) {
  const Shape shape{.trees = 3, .targets = 3000, .depth = 12, .stop = 0.01, .distinct = 200};
  const Ensemble ensemble = RandomEnsemble(shape, 1);
  const Forest forest = Forest::Build(ensemble);
  EXPECT_NE(forest.Describe().find("walked"), std::string::npos) << forest.Describe();
  const std::vector<float> rows = RandomRows(20, shape, 2);
  std::vector<float> scores(20 * shape.targets);
  forest.Predict({.data = rows.data(), .count = 20, .stride = shape.features}, scores.data());
  EXPECT_EQ(scores, (Reference<float, float>(ensemble, rows.data(), 20, shape.features)));
}

TEST(Forest, HasNoTreesOrNoFeatures) {
  std::vector<float> scores(4, -1);
  Ensemble none{.targets = 2, .base_values = {3, 4}};
  Forest::Build(none).Predict({.count = 2, .stride = 1}, scores.data());
  EXPECT_EQ(scores, (std::vector<float>{3, 4, 3, 4}));
  Ensemble leaf{.nodes = {{.weight_count = 1}}, .roots = {0}, .weights = {{0, 2.5}}};
  const float row[] = {1, 2};
  Forest::Build(leaf).Predict({.data = row, .count = 2, .stride = 1}, scores.data());
  EXPECT_EQ(scores[0], 2.5f);
  EXPECT_EQ(scores[1], 2.5f);
}

TEST(Isa, NamesAndCapsTheTarget) {
  ASSERT_FALSE(Targets().empty()) << "this CPU has none of the targets";
  for (const std::string& target : Targets()) {
    EXPECT_TRUE(CapTarget(target));
    EXPECT_EQ(Target(), target);
  }
  EXPECT_FALSE(CapTarget("sse9"));
  EXPECT_TRUE(CapTarget("sse42"));
  EXPECT_EQ(Target(), "SSE4");
  EXPECT_TRUE(CapTarget(""));
  EXPECT_EQ(Target(), Targets().front());
  for (const char* all : {"AVX3_DL", "AVX3", "AVX2", "SSE4"}) {
    const auto targets = Targets();
    if (std::find(targets.begin(), targets.end(), all) == targets.end())
      GTEST_LOG_(INFO) << "this machine cannot run " << all;
  }
}

}  // namespace
}  // namespace lamina::forest
