#include "prepare/sort_nodes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::HasSubstr;
using T = onnx::Tensor;

std::string ErrorOf(TestModel& model) { return std::string(SortNodes(model.model()).message()); }

TEST(SortNodesTest, NodesInOrderStay) {
  TestModel model;
  model.Input("x").Output("y").Output("z");
  model.Node("Exp", {"x"}, {"z"});
  model.Node("Abs", {"x"}, {"y"});
  const std::string bytes = model.Bytes();
  EXPECT_EQ(ErrorOf(model), "");
  EXPECT_EQ(model.Bytes(), bytes);
}

TEST(SortNodesTest, MakersComeFirst) {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Relu", {"b"}, {"y"});
  model.Node("Add", {"a", "a"}, {"b"});
  model.Node("Exp", {"x"}, {"a"});
  model.Node("Neg", {"x"}, {"c"});
  EXPECT_EQ(ErrorOf(model), "");
  EXPECT_EQ(model.Operators(), "Exp Add Relu Neg");
}

TEST(SortNodesTest, WhatABranchReadsComesFirstAndBranchesAreSorted) {
  TestModel model;
  model.Input("x").Input("c", T::BOOL, {}).Output("y");
  onnx::Attribute& attribute = *model.Node("If", {"c"}, {"y"}).add_attribute();
  onnx::Graph& branch = *attribute.mutable_g();
  *branch.add_node() = MakeNode("Relu", {"s"}, {"y"});  // the name of the If's output, for a value of its own
  *branch.add_node() = MakeNode("Neg", {"a"}, {"s"});
  branch.add_output()->set_name("y");
  model.Node("Exp", {"x"}, {"a"});
  EXPECT_EQ(ErrorOf(model), "");
  EXPECT_EQ(model.Operators(), "Exp If");
  EXPECT_EQ(TestModel::OperatorsOf(model.graph().node(1).attribute(0).g()), "Neg Relu");
}

TEST(SortNodesTest, FunctionsAreSorted) {
  TestModel model;
  onnx::Function& function = *model.model().add_functions();
  *function.add_node() = MakeNode("Relu", {"t"}, {"b"});
  *function.add_node() = MakeNode("Exp", {"a"}, {"t"});
  EXPECT_EQ(ErrorOf(model), "");
  EXPECT_EQ(function.node(0).op_type(), "Exp");
}

TEST(SortNodesTest, ACycleIsRefused) {
  TestModel self;
  self.Input("x").Output("y").Node("Relu", {"x"}, {"y"});
  self.Node("Clip", {"a", "y"}, {"a"});
  EXPECT_THAT(ErrorOf(self), HasSubstr("node 'a' (Clip) cannot run: it waits for nodes that wait for one another"));

  TestModel through_a_branch;
  through_a_branch.Input("c", T::BOOL, {}).Output("y");
  onnx::Attribute& attribute = *through_a_branch.Node("If", {"c"}, {"y"}).add_attribute();
  *attribute.mutable_g()->add_node() = MakeNode("Relu", {"a"}, {"r"});
  attribute.mutable_g()->add_output()->set_name("r");
  through_a_branch.Node("Neg", {"y"}, {"a"});
  EXPECT_THAT(ErrorOf(through_a_branch), HasSubstr("node 'y' (If) cannot run"));
}

TEST(SortNodesTest, TheRewritesSeeNodesInOrder) {
  TestModel model;
  model.Input("s", T::STRING).Output("y", T::BOOL);
  model.Node("Equal", {"a", "a"}, {"y"});
  model.Node("Reshape", {"s", "shape"}, {"a"});
  AddInts(model.graph(), "shape", {-1});
  ASSERT_TRUE(model.Prepare({{"lamina", "Equal"}}).ok());
  EXPECT_EQ(model.Operators(), "Reshape lamina.Equal");
}

TEST(SortNodesTest, ACycleAfterAReductionEnds) {
  TestModel model;
  model.Input("x").Output("y").Node("Relu", {"x"}, {"y"});
  AddInts(model.graph(), "axis", {2});
  model.Node("ReduceSum", {"x", "axis"}, {"r"});
  model.Node("Clip", {"a", "r"}, {"a"});
  EXPECT_THAT(std::string(model.Prepare().status().message()), HasSubstr("node 'a' (Clip) cannot run"));
}

}  // namespace
}  // namespace lamina::prepare
