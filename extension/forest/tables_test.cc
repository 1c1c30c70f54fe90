#include "extension/forest/tables.h"

#include <limits>
#include <stdexcept>

#include "extension/forest/forest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lamina::forest {
namespace {

using ::testing::HasSubstr;

/// Tree 4: node 0 asks x[0] <= 1.5, nodes 1 and 2 are leaves of 10 and 20.
NodeTables Stump() {
  return {.nodes_treeids = {4, 4, 4},
          .nodes_nodeids = {0, 1, 2},
          .nodes_featureids = {0, 0, 0},
          .nodes_modes = {"BRANCH_LEQ", "LEAF", "LEAF"},
          .nodes_values = {1.5, 0, 0},
          .nodes_truenodeids = {1, 0, 0},
          .nodes_falsenodeids = {2, 0, 0},
          .target_treeids = {4, 4},
          .target_nodeids = {1, 2},
          .target_ids = {0, 0},
          .target_weights = {10, 20}};
}

template <class Tables>
std::string ErrorOf(const Tables& tables, int64_t targets = 1) {
  try {
    Forest::Build(FromTables(tables, targets));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

std::vector<float> Scores(const Ensemble& ensemble, std::vector<float> values) {
  std::vector<float> scores(values.size() * ensemble.targets);
  Forest::Build(ensemble).Predict({.data = values.data(), .count = values.size(), .stride = 1}, scores.data());
  return scores;
}

TEST(NodeTables, MakeAnEnsemble) {
  EXPECT_EQ(Scores(FromTables(Stump(), 1), {1, 1.5, 2}), (std::vector<float>{10, 10, 20}));
}

TEST(NodeTables, MayListTheRootLast) {
  NodeTables t = Stump();
  t.nodes_nodeids = {2, 1, 0};
  t.nodes_modes = {"LEAF", "LEAF", "BRANCH_GT"};
  t.nodes_values = {0, 0, 1.5};
  t.nodes_truenodeids = {0, 0, 1};
  t.nodes_falsenodeids = {0, 0, 2};
  EXPECT_EQ(Scores(FromTables(t, 1), {1, 1.5, 2}), (std::vector<float>{20, 20, 10}));
}

TEST(NodeTables, IgnoreWeightsOfBranches) {
  NodeTables t = Stump();
  t.target_treeids.push_back(4);
  t.target_nodeids.push_back(0);
  t.target_ids.push_back(0);
  t.target_weights.push_back(1000);
  EXPECT_EQ(Scores(FromTables(t, 1), {1}), (std::vector<float>{10}));
}

TEST(NodeTables, NameWhatIsWrong) {
  const auto with = [](auto change) {
    NodeTables t = Stump();
    change(t);
    return ErrorOf(t);
  };
  EXPECT_EQ(ErrorOf(Stump()), "no error");
  EXPECT_THAT(with([](NodeTables& t) { t.nodes_nodeids[2] = 1; }),
              HasSubstr("tree 4, node 1: there are two nodes of this id"));
  EXPECT_THAT(with([](NodeTables& t) { t.nodes_truenodeids[0] = 9; }),
              HasSubstr("tree 4, node 0: the true child is node 9, which tree 4 does not have"));
  EXPECT_THAT(with([](NodeTables& t) { t.nodes_falsenodeids[0] = 1; }),
              HasSubstr("tree 4 has several roots: nodes 0 and 2"));
  EXPECT_THAT(with([](NodeTables& t) { t.nodes_falsenodeids[0] = 0; }),
              HasSubstr("tree 4, node 0: no way leads there"));
  EXPECT_THAT(with([](NodeTables& t) { t.nodes_featureids[0] = -1; }),
              HasSubstr("tree 4, node 0: the feature id is -1, expected 0 to"));
  EXPECT_THAT(with([](NodeTables& t) { t.nodes_modes[0] = "BRANCH_LE"; }),
              HasSubstr("node mode 'BRANCH_LE' is unknown, expected BRANCH_LEQ"));
  EXPECT_THAT(with([](NodeTables& t) { t.nodes_values.pop_back(); }),
              HasSubstr("nodes_values has 2 entries, nodes_treeids has 3"));
  EXPECT_THAT(with([](NodeTables& t) { t.target_ids[1] = 1; }),
              HasSubstr("tree 4, node 2: the target or class id of a weight is 1, expected 0 to 0"));
  EXPECT_THAT(with([](NodeTables& t) { t.target_nodeids[1] = 7; }),
              HasSubstr("weight 1: its leaf is node 7, which tree 4 does not have"));
  EXPECT_THAT(ErrorOf(Stump(), 0), HasSubstr("the number of targets or classes is 0"));
}

TEST(NodeTables, RefuseACycleWithOrWithoutARoot) {
  NodeTables t = Stump();
  t.nodes_modes = {"BRANCH_LEQ", "BRANCH_LEQ", "BRANCH_LEQ"};
  t.nodes_truenodeids = {1, 2, 1};
  t.nodes_falsenodeids = {2, 2, 1};
  t.target_treeids = t.target_nodeids = t.target_ids = {};
  t.target_weights = {};
  EXPECT_THAT(ErrorOf(t), HasSubstr("tree 4, node 1: it is below itself: the tree has a cycle"));
  t.nodes_truenodeids = {1, 2, 0};
  EXPECT_THAT(ErrorOf(t), HasSubstr("tree 4 has no root"));
}

TEST(Forest, RefusesAWrongNumberOfBaseValues) {
  Ensemble e = FromTables(Stump(), 1);
  e.targets = 3;
  e.base_values = {1, 2};
  try {
    Forest::Build(e);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("there are 2 base values, expected none, one or 3"));
  }
}

/// Node 0: x in {1, 3}: leaf 0, else node 1: x < 2: leaf 1, else leaf 2.
BranchTables Branches() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return {.tree_roots = {0},
          .nodes_featureids = {0, 0},
          .nodes_modes = {6, 1},
          .nodes_splits = {0, 2},
          .nodes_truenodeids = {0, 1},
          .nodes_trueleafs = {1, 1},
          .nodes_falsenodeids = {1, 2},
          .nodes_falseleafs = {0, 1},
          .membership_values = {1, 3, nan},
          .leaf_targetids = {0, 1, 0},
          .leaf_weights = {10, 20, 30}};
}

TEST(BranchTables, MakeAnEnsemble) {
  EXPECT_EQ(Scores(FromTables(Branches(), 2), {1, 3, 0, 2}), (std::vector<float>{10, 0, 10, 0, 0, 20, 30, 0}));
}

TEST(BranchTables, NameWhatIsWrong) {
  const auto with = [](auto change) {
    BranchTables t = Branches();
    change(t);
    return ErrorOf(t, 2);
  };
  EXPECT_THAT(with([](BranchTables& t) { t.nodes_modes[1] = 7; }), HasSubstr("node 1: the mode is 7, expected 0 to 6"));
  EXPECT_THAT(with([](BranchTables& t) { t.nodes_falsenodeids[0] = 2; }),
              HasSubstr("node 0: the false child is 2, expected 0 to 1"));
  EXPECT_THAT(with([](BranchTables& t) { t.nodes_falsenodeids[1] = 3; }),
              HasSubstr("node 1: the false child is 3, expected 0 to 2"));
  EXPECT_THAT(with([](BranchTables& t) { t.leaf_targetids[2] = 2; }),
              HasSubstr("leaf 2: the target id is 2, expected 0 to 1"));
  EXPECT_THAT(with([](BranchTables& t) { t.membership_values.clear(); }),
              HasSubstr("node 0: membership_values has no set left"));
  EXPECT_THAT(with([](BranchTables& t) { t.tree_roots = {2}; }),
              HasSubstr("a root in tree_roots is 2, expected 0 to 1"));
  EXPECT_THAT(with([](BranchTables& t) { t.nodes_falsenodeids[0] = 0; }), HasSubstr("node 0: it is below itself"));
}

}  // namespace
}  // namespace lamina::forest
