#include "prepare/drop_identities.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

/// "Relu(x)->a Add(a,b)->c ...": the graph's nodes in order.
std::string Nodes(const onnx::Graph& graph) {
  std::string text;
  const auto list = [](const auto& names) {
    std::string joined;
    for (const std::string& name : names) absl::StrAppend(&joined, joined.empty() ? "" : ",", name);
    return joined;
  };
  for (const onnx::Node& node : graph.node()) {
    absl::StrAppend(&text, text.empty() ? "" : " ", node.op_type(), "(", list(node.input()), ")->",
                    list(node.output()));
  }
  return text;
}

/// How many of the Identities were dropped.
int DropAll(onnx::Graph& graph) {
  return DropIdentities(graph, [](const onnx::Node&) { return true; }).size();
}

TEST(DropIdentitiesTest, ReadersOfAChainReadItsSource) {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Identity", {"x"}, {"a"});
  model.Node("Relu", {"a"}, {"r"});
  model.Node("Identity", {"a"}, {"b"});
  model.Node("Identity", {"b"}, {"c"});
  model.Node("Sum", {"a", "b", "c", "r"}, {"y"});
  EXPECT_EQ(DropAll(model.graph()), 3);
  EXPECT_EQ(Nodes(model.graph()), "Relu(x)->r Sum(x,x,x,r)->y");
}

TEST(DropIdentitiesTest, WhatIsMadeTakesTheOutputsName) {
  TestModel model;
  model.Input("x").Output("y").Output("z");
  model.Node("Relu", {"x"}, {"a"});
  model.Node("Identity", {"a"}, {"b"});
  model.Node("Neg", {"b"}, {"z"});
  model.Node("Identity", {"b"}, {"y"});
  EXPECT_EQ(DropAll(model.graph()), 2);
  EXPECT_EQ(Nodes(model.graph()), "Relu(x)->y Neg(y)->z");
}

TEST(DropIdentitiesTest, OfSeveralOutputsOneIsTheValuesName) {
  TestModel model;
  model.Input("x").Output("y").Output("z").Output("w");
  model.Node("Relu", {"x"}, {"a"});
  model.Node("Identity", {"a"}, {"y"});
  model.Node("Identity", {"a"}, {"z"});
  model.Node("Identity", {"z"}, {"w"});
  model.Node("Identity", {"w"}, {"b"});
  model.Node("Neg", {"b"}, {"n"});
  EXPECT_EQ(DropAll(model.graph()), 2);
  EXPECT_EQ(Nodes(model.graph()), "Relu(x)->y Identity(y)->z Identity(z)->w Neg(w)->n");
}

TEST(DropIdentitiesTest, AnInputKeepsItsName) {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Identity", {"x"}, {"a"});
  model.Node("Identity", {"a"}, {"y"});
  EXPECT_EQ(DropAll(model.graph()), 1);
  EXPECT_EQ(Nodes(model.graph()), "Identity(x)->y");
}

TEST(DropIdentitiesTest, ThoseThatAreWantedStay) {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Identity", {"x"}, {"a"});
  model.Node("Identity", {"a"}, {"b"});
  model.Node("Identity", {"b"}, {"c"});
  model.Node("Relu", {"c"}, {"y"});
  const NodeList dropped =
      DropIdentities(model.graph(), [](const onnx::Node& identity) { return identity.output(0) != "b"; });
  EXPECT_EQ(dropped.size(), 2);
  EXPECT_EQ(Nodes(model.graph()), "Identity(x)->b Relu(b)->y");
}

TEST(DropIdentitiesTest, ABranchReadsTheValueByItsNewName) {
  TestModel model;
  model.Input("x").Input("c").Output("y").Output("z");
  model.Node("Relu", {"x"}, {"a"});
  model.Node("Identity", {"a"}, {"b"});
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"z"}), "b");
  *branch.add_node() = MakeNode("Neg", {"a"}, {"unread"});
  model.Node("Identity", {"b"}, {"y"});
  EXPECT_EQ(DropAll(model.graph()), 2);
  EXPECT_EQ(Nodes(model.graph()), "Relu(x)->y If(c)->z");
  EXPECT_EQ(Nodes(branch), "Neg(y)->unread");
  EXPECT_EQ(branch.output(0).name(), "y");
}

TEST(DropIdentitiesTest, ABranchsOwnValueOfTheOutputsNameKeepsTheIdentity) {
  TestModel model;
  model.Input("x").Input("c").Output("y").Output("z");
  model.Node("Relu", {"x"}, {"a"});
  model.Node("Identity", {"a"}, {"b"});
  model.Node("Identity", {"b"}, {"y"});
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"z"}), "y");
  *branch.add_node() = MakeNode("Neg", {"b"}, {"y"});
  EXPECT_EQ(DropAll(model.graph()), 1);
  EXPECT_EQ(Nodes(model.graph()), "Relu(x)->a Identity(a)->y If(c)->z");
  EXPECT_EQ(Nodes(branch), "Neg(a)->y");
}

}  // namespace
}  // namespace lamina::prepare
