#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::HasSubstr;

void RefersTo(onnx::Node& node, const std::string& attribute, const std::string& of_the_call) {
  onnx::Attribute& added = *node.add_attribute();
  added.set_name(attribute);
  added.set_type(onnx::Attribute::INT);
  added.set_ref_attr_name(of_the_call);
}

TEST(FunctionsTest, TheBodyTakesTheCallsPlace) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y");
  onnx::Function& function = model.Function("Twice", {"a"}, {"b"});
  *function.add_node() = MakeNode("Relu", {"a"}, {"t"});
  *function.add_node() = MakeNode("Add", {"t", "t"}, {"b"});
  model.Node("Twice", {"x"}, {"m"}, "local");
  model.Node("Twice", {"m"}, {"y"}, "local");
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(model.Operators(), "Relu Add Relu Add");
  const onnx::Graph& graph = model.graph();
  EXPECT_EQ(graph.node(0).input(0), "x");
  EXPECT_EQ(graph.node(1).output(0), "m");
  EXPECT_EQ(graph.node(2).input(0), "m");
  EXPECT_EQ(graph.node(3).output(0), "y");
  EXPECT_NE(graph.node(0).output(0), graph.node(2).output(0));
  EXPECT_EQ(graph.node(3).input(0), graph.node(2).output(0));
  EXPECT_EQ(model.model().functions_size(), 0);
  EXPECT_EQ(report->changes[0].count, 2);
}

TEST(FunctionsTest, AttributesComeFromTheCallOrThePreset) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y");
  onnx::Function& function = model.Function("F", {"a"}, {"b"});
  onnx::Node& flatten = *function.add_node() = MakeNode("Flatten", {"a"}, {"t"});
  RefersTo(*function.mutable_node(0), "axis", "first");
  (void)flatten;
  *function.add_node() = MakeNode("Flatten", {"t"}, {"u"});
  RefersTo(*function.mutable_node(1), "axis", "second");
  *function.add_node() = MakeNode("Flatten", {"u"}, {"b"});
  RefersTo(*function.mutable_node(2), "axis", "third");
  onnx::Attribute& preset = *function.add_attribute_proto();
  preset.set_name("second");
  preset.set_type(onnx::Attribute::INT);
  preset.set_i(2);
  SetInt(model.Node("F", {"x"}, {"y"}, "local"), "first", 0);
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(IntAttribute(model.graph().node(0), "axis", -9), 0);
  EXPECT_EQ(IntAttribute(model.graph().node(1), "axis", -9), 2);
  EXPECT_EQ(FindAttribute(model.graph().node(2), "axis"), nullptr);
}

TEST(FunctionsTest, NestedCallsAndGraphsInsideNodes) {
  TestModel model;
  model.Import("local", 1).Input("x").Input("c", onnx::Tensor::BOOL, {}).Output("y");
  onnx::Function& inner = model.Function("Inner", {"a"}, {"b"});
  *inner.add_node() = MakeNode("Neg", {"a"}, {"b"});
  onnx::Function& outer = model.Function("Outer", {"a", "condition"}, {"b"});
  *outer.add_node() = MakeNode("Abs", {"a"}, {"captured"});
  onnx::Node branches = MakeNode("If", {"condition"}, {"b"});
  for (const char* name : {"then_branch", "else_branch"}) {
    onnx::Node call = MakeNode("Inner", {"captured"}, {"result"});
    call.set_domain("local");
    *TestModel::Branch(branches, "result", name).add_node() = call;
  }
  *outer.add_node() = branches;
  model.Node("Outer", {"x", "c"}, {"y"}, "local");
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(model.Operators(), "Abs If");
  const std::string captured = model.graph().node(0).output(0);
  for (const onnx::Attribute& attribute : model.graph().node(1).attribute()) {
    ASSERT_EQ(TestModel::OperatorsOf(attribute.g()), "Neg");
    EXPECT_EQ(attribute.g().node(0).input(0), captured);
    EXPECT_EQ(attribute.g().node(0).output(0), attribute.g().output(0).name());
  }
}

TEST(FunctionsTest, AbsentInputsAndOutputsThatAreInputs) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y").Output("z");
  onnx::Function& function = model.Function("F", {"a", "b"}, {"a", "c"});
  *function.add_node() = MakeNode("Clip", {"a", "b"}, {"c"});
  model.Node("F", {"x"}, {"y", "z"}, "local");
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "Clip Identity");
  EXPECT_EQ(model.graph().node(0).input(1), "");
  EXPECT_EQ(model.graph().node(1).input(0), "x");
  EXPECT_EQ(model.graph().node(1).output(0), "y");
}

TEST(FunctionsTest, ALayerGoesBeforeTheFunction) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y");
  *model.Function("F", {"a"}, {"b"}).add_node() = MakeNode("Relu", {"a"}, {"b"});
  model.Node("F", {"x"}, {"y"}, "local");
  ASSERT_TRUE(model.Prepare({{"local", "F"}}).ok());
  EXPECT_EQ(model.Operators(), "local.F");
}

TEST(FunctionsTest, OneThatCallsItselfIsRefused) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y");
  onnx::Node call = MakeNode("F", {"a"}, {"b"});
  call.set_domain("local");
  *model.Function("F", {"a"}, {"b"}).add_node() = call;
  model.Node("F", {"x"}, {"y"}, "local");
  EXPECT_THAT(std::string(model.Prepare().status().message()), HasSubstr("a function may not call itself"));
}

/// F0 makes `bytes` of constants; each of the others calls the one before it twice.
TestModel Doubling(int levels, size_t bytes) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y");
  onnx::Function& first = model.Function("F0", {"a"}, {"b"});
  *first.add_node() = MakeNode("Relu", {"a"}, {"b"});
  SetString(*first.mutable_node(0), "unread", std::string(bytes, 'a'));
  for (int i = 1; i <= levels; ++i) {
    onnx::Function& function = model.Function("F" + std::to_string(i), {"a"}, {"c"});
    for (const auto& [from, to] : {std::pair("a", "b"), std::pair("b", "c")}) {
      *function.add_node() = MakeNode("F" + std::to_string(i - 1), {from}, {to});
      function.mutable_node(function.node_size() - 1)->set_domain("local");
    }
  }
  model.Node("F" + std::to_string(levels), {"x"}, {"y"}, "local");
  return model;
}

TEST(FunctionsTest, ThoseThatWouldFillTheMemoryAreRefused) {
  for (TestModel model : {Doubling(60, 1), Doubling(12, 1 << 20)}) {
    EXPECT_THAT(std::string(model.Prepare().status().message()), HasSubstr("would have more than 2 GiB"));
  }
}

TEST(FunctionsTest, WhatACallGivesItsNodesCountsToo) {
  TestModel model = Doubling(10, (1 << 21) - (1 << 13));  // 8 MiB less than is too much
  onnx::Node& node = *model.Function("G", {"a"}, {"b"}).add_node();
  node = MakeNode("Relu", {"a"}, {"b"});
  onnx::Attribute& text = *node.add_attribute();
  text.set_name("unread");
  text.set_ref_attr_name("text");
  onnx::Node& call = model.Node("G", {"x"}, {"g"}, "local");
  SetString(call, "text", std::string(1 << 24, 'a'));
  model.graph().mutable_node()->SwapElements(0, 1);  // before what is too big to be made in a test
  EXPECT_THAT(std::string(model.Prepare().status().message()), HasSubstr("would have more than 2 GiB"));
}

TEST(FunctionsTest, AChainOfAnyLengthEndsInAnError) {
  constexpr int kFunctions = 200'000;
  TestModel model;
  model.Import("local", 1).Input("x").Output("y");
  for (int i = 0; i < kFunctions; ++i) {
    onnx::Node& call = *model.Function("F" + std::to_string(i), {"a"}, {"b"}).add_node();
    call = MakeNode("F" + std::to_string(i + 1), {"a"}, {"b"});
    call.set_domain("local");
  }
  model.Node("F0", {"x"}, {"y"}, "local");
  EXPECT_THAT(std::string(model.Prepare().status().message()), HasSubstr("call one another more than 64 deep"));
}

TEST(FunctionsTest, AValueOfAGraphInsideHidesTheFunctions) {
  TestModel model;
  model.Import("local", 1).Input("x").Input("c", onnx::Tensor::BOOL, {}).Output("y");
  onnx::Function& function = model.Function("F", {"a", "condition"}, {"b"});
  onnx::Node branches = MakeNode("If", {"condition"}, {"b"});
  onnx::Graph& branch = TestModel::Branch(branches, "b");
  branch.add_sparse_initializer()->mutable_values()->set_name("a");
  *branch.add_node() = MakeNode("Neg", {"a"}, {"b"});
  *function.add_node() = branches;
  model.Node("F", {"x", "c"}, {"y"}, "local");
  ASSERT_TRUE(model.Prepare().ok());
  const onnx::Graph& inlined = model.graph().node(0).attribute(0).g();
  EXPECT_NE(inlined.node(0).input(0), "x");
  EXPECT_EQ(inlined.node(0).input(0), inlined.sparse_initializer(0).values().name());
  EXPECT_NE(inlined.node(0).output(0), "y");
  EXPECT_EQ(inlined.node(0).output(0), inlined.output(0).name());
}

/// A function of `depth` Ifs, each inside the one before it.
TestModel Nested(int depth) {
  TestModel model;
  model.Import("local", 1).Input("x").Input("c", onnx::Tensor::BOOL, {}).Output("y");
  onnx::Node node = MakeNode("Relu", {"a"}, {"r0"});
  RefersTo(node, "alpha", "alpha");
  for (int i = 1; i <= depth; ++i) {
    onnx::Node outer = MakeNode("If", {"condition"}, {"r" + std::to_string(i)});
    onnx::Graph& branch = TestModel::Branch(outer, node.output(0));
    *branch.add_node() = std::move(node);
    node = std::move(outer);
  }
  onnx::Function& function = model.Function("F", {"a", "condition"}, {node.output(0)});
  *function.add_node() = std::move(node);
  SetInt(model.Node("F", {"x", "c"}, {"y"}, "local"), "alpha", 5);
  return model;
}

// With two looks at each graph inside a graph it would be a thousand million looks.
TEST(FunctionsTest, GraphsInsideGraphsTakeNoLongerThanBesideOneAnother) {
  constexpr int kDepth = 30;
  TestModel model = Nested(kDepth);
  ASSERT_TRUE(model.Prepare().ok());
  const onnx::Node* node = &model.graph().node(0);
  for (int i = 0; i < kDepth; ++i) node = &node->attribute(0).g().node(0);
  EXPECT_EQ(node->op_type(), "Relu");
  EXPECT_EQ(IntAttribute(*node, "alpha", 0), 5);
}

// With a copy of all names for each graph it would be 400 million names.
TEST(FunctionsTest, ManyGraphsInAFunctionOfManyValues) {
  constexpr int kIfs = 20'000;
  TestModel model;
  model.Import("local", 1).Input("x").Input("c", onnx::Tensor::BOOL, {}).Output("y");
  onnx::Function& function = model.Function("F", {"a", "condition"}, {"b"});
  for (int i = 0; i < kIfs; ++i) {
    onnx::Node& node = *function.add_node() = MakeNode("If", {"condition"}, {i == 0 ? "b" : "v" + std::to_string(i)});
    TestModel::Branch(node, "a");
  }
  model.Node("F", {"x", "c"}, {"y"}, "local");
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_EQ(model.graph().node(kIfs - 1).attribute(0).g().output(0).name(), "x");
}

// With one look at each name that is taken already it would be 5 thousand million looks.
TEST(FunctionsTest, NamesOfManyCallsWithoutANameAreFoundQuickly) {
  constexpr int kCalls = 100'000;
  TestModel model;
  model.Import("local", 1).Input("v0").Output("v" + std::to_string(kCalls));
  *model.Function("F", {"a"}, {"b"}).add_node() = MakeNode("Relu", {"a"}, {"b"});
  for (int i = 0; i < kCalls; ++i) {
    model.Node("F", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)}, "local").clear_name();
  }
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.graph().node(kCalls - 1).op_type(), "Relu");
  EXPECT_NE(model.graph().node(kCalls - 1).name(), model.graph().node(kCalls - 2).name());
}

TEST(FunctionsTest, ACallOfMoreOutputsThanItsFunctionHasIsRefused) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y");
  *model.Function("F", {"a"}, {}).add_node() = MakeNode("Relu", {"a"}, {"b"});
  model.Node("F", {"x"}, {"y"}, "local");
  EXPECT_THAT(std::string(model.Prepare().status().message()), HasSubstr("has 1 outputs, its function 0"));
}

TEST(FunctionsTest, AFunctionThatReadsWhatNobodyMakesIsRefused) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y");
  *model.Function("F", {"a"}, {"b"}).add_node() = MakeNode("Add", {"a", "nowhere"}, {"b"});
  model.Node("F", {"x"}, {"y"}, "local");
  EXPECT_THAT(std::string(model.Prepare().status().message()),
              HasSubstr("function 'F': node 'b' (Add) reads 'nowhere', which nothing makes"));
}

}  // namespace
}  // namespace lamina::prepare
