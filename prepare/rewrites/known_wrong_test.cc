// The rewrites of nodes that the engine takes and gets wrong. That the new form is right is tested with the engine in
// tests/prepare.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using T = onnx::Tensor;

TEST(NormalizerMaxTest, IsWrittenWithTheEnginesOperators) {
  for (const int64_t opset : {13, 18}) {
    TestModel model(opset);
    model.Import("ai.onnx.ml", 1).Input("x", T::INT64).Output("y");
    SetString(model.Node("Normalizer", {"x"}, {"y"}, "ai.onnx.ml"), "norm", "MAX");
    const auto report = model.Prepare();
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(model.Operators(), "Cast ReduceMax Equal Where Div");
    EXPECT_EQ(model.graph().node(1).input_size(), opset >= 18 ? 2 : 1);
    EXPECT_TRUE(report->unknown.empty());
  }
}

TEST(NormalizerMaxTest, OtherNormsAreLeftAlone) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x").Output("y");
  SetString(model.Node("Normalizer", {"x"}, {"y"}, "ai.onnx.ml"), "norm", "L2");
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
}

TEST(RecurrentLayoutTest, TransposesAroundLayoutZero) {
  TestModel model;
  model.Input("x", T::FLOAT, {2, 5, 3}).Input("w").Input("r").Input("h", T::FLOAT, {2, 1, 4});
  model.Output("y", T::FLOAT, {2, 5, 1, 4}).Output("last", T::FLOAT, {2, 1, 4});
  SetInt(model.Node("GRU", {"x", "w", "r", "", "", "h"}, {"y", "last"}), "layout", 1);
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "Transpose Transpose GRU Transpose Transpose");
  const onnx::Graph& graph = model.graph();
  EXPECT_EQ(IntAttribute(graph.node(2), "layout", 9), 0);
  EXPECT_EQ(graph.node(2).input(0), graph.node(0).output(0));
  EXPECT_EQ(graph.node(2).input(5), graph.node(1).output(0));
  EXPECT_EQ(graph.node(3).output(0), "y");
  EXPECT_THAT(graph.node(3).attribute(0).ints(), ElementsAre(2, 0, 1, 3));
  EXPECT_EQ(graph.node(4).output(0), "last");
}

TEST(SpaceToDepthTest, ABlockBeyondAllTensorsIsTheEngines) {
  TestModel model;
  model.Input("x", T::FLOAT, {1, 2, 4, 6}).Output("y", T::FLOAT, {1, 8, 2, 3});
  onnx::Node& node = model.Node("SpaceToDepth", {"x"}, {"y"});
  SetInt(node, "blocksize", int64_t{1} << 40);
  SetString(node, "mode", "CRD");
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "SpaceToDepth");
}

TEST(SpaceToDepthTest, CrdIsDcrTurned) {
  TestModel model;
  model.Input("x", T::FLOAT, {1, 2, 4, 6}).Output("y", T::FLOAT, {1, 8, 2, 3});
  onnx::Node& node = model.Node("SpaceToDepth", {"x"}, {"y"});
  SetInt(node, "blocksize", 2);
  SetString(node, "mode", "CRD");
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "SpaceToDepth Shape Slice Slice Concat Reshape Transpose Reshape");
}

TestModel StringEqual() {
  TestModel model;
  model.Input("a", T::STRING).Input("b", T::STRING).Output("y", T::BOOL);
  model.Node("Reshape", {"a", "b"}, {"r"});  // an operator of unknown rule keeps its input's type
  model.Node("Equal", {"r", "b"}, {"y"});
  return model;
}

TEST(RedirectTest, StringsAreComparedByOurLayer) {
  TestModel model = StringEqual();
  const auto report = model.Prepare({{"lamina", "Equal"}});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(model.Operators(), "Reshape lamina.Equal");
  EXPECT_EQ(ImportedVersion(model.model(), "lamina"), 1);
  EXPECT_TRUE(report->unknown.empty());
}

TEST(RedirectTest, WithoutTheLayerTheyAreRefused) {
  TestModel model = StringEqual();
  EXPECT_THAT(std::string(model.Prepare().status().message()),
              HasSubstr("node 'y' (Equal): the engine damages memory when it compares strings"));
}

TEST(RedirectTest, WithoutTheLayerWhatIsRarelyWrongIsWarnedOf) {
  TestModel model;
  model.Input("a", T::INT64).Output("y", T::INT64);
  model.Node("Div", {"a", "a"}, {"y"});
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(model.Operators(), "Div");
  EXPECT_THAT(report->Lines(), ElementsAre("warning: Div (1 node): the engine divides integers as f32; no library at "
                                           "hand has a layer for it"));
}

TEST(RedirectTest, AnAbsentInputIsNotTheDataOfAnAbsentOutput) {
  TestModel model;
  model.Input("x").Input("w").Input("r").Output("y", T::INT64);
  model.Node("LSTM", {"x", "w", "r"}, {"", "h"});
  model.Node("Shape", {"x"}, {"shape"});
  AddInts(model.graph(), "k", {1});
  model.Node("Slice", {"shape", "k", "k", "", "k"}, {"size"});
  model.Node("Div", {"size", "k"}, {"y"});
  ASSERT_TRUE(model.Prepare({{"lamina", "Div"}}).ok());
  EXPECT_EQ(model.Operators(), "LSTM Shape Slice Div");
}

/// Of a node with five inputs, of which the last is sequence_lens, and these attributes.
absl::StatusOr<Report> PrepareNode(const char* op, const std::vector<std::pair<const char*, const char*>>& strings,
                                   const std::vector<std::pair<const char*, int64_t>>& ints, const char* lengths = "") {
  TestModel model;
  model.Input("x").Input("w").Input("r").Input("n", T::INT32).Output("y");
  onnx::Node& node = model.Node(op, {"x", "w", "r", std::string_view(op) == "Resize" ? "n" : "", lengths}, {"y"});
  for (const auto& [name, value] : strings) SetString(node, name, value);
  for (const auto& [name, value] : ints) SetInt(node, name, value);
  return model.Prepare();
}

TEST(RedirectTest, WhatTheEngineIgnoresOfImagesIsRefused) {
  const auto why = [](const auto& report) { return std::string(report.status().message()); };
  EXPECT_THAT(why(PrepareNode("ConvTranspose", {{"auto_pad", "SAME_UPPER"}}, {})), HasSubstr("auto_pad SAME"));
  EXPECT_TRUE(PrepareNode("ConvTranspose", {{"auto_pad", "VALID"}}, {}).ok());
  EXPECT_THAT(why(PrepareNode("Resize", {{"mode", "cubic"}}, {{"exclude_outside", 1}})), HasSubstr("exclude_outside"));
  EXPECT_TRUE(PrepareNode("Resize", {{"mode", "cubic"}}, {{"exclude_outside", 0}}).ok());
  EXPECT_THAT(why(PrepareNode("Resize", {{"keep_aspect_ratio_policy", "not_larger"}}, {})),
              HasSubstr("keep_aspect_ratio_policy"));
  EXPECT_TRUE(PrepareNode("Resize", {{"keep_aspect_ratio_policy", "stretch"}}, {}).ok());
  EXPECT_THAT(PrepareNode("Resize", {{"mode", "linear"}}, {{"antialias", 1}})->Lines(),
              ElementsAre(HasSubstr("warning: Resize (1 node): the engine ignores antialias")));
}

TEST(RedirectTest, WhatTheEngineIgnoresOfRecurrentNodesIsRefusedOrWarnedOf) {
  for (const char* op : {"LSTM", "GRU", "RNN"}) {
    EXPECT_TRUE(PrepareNode(op, {}, {})->Lines().empty());
    EXPECT_THAT(PrepareNode(op, {}, {}, "n")->Lines(), ElementsAre(HasSubstr("sequence_lens")));
    for (const auto& [first, second, fine] : {std::tuple("Relu", "relu", true), std::tuple("Relu", "Tanh", false)}) {
      TestModel model;
      model.Input("x").Input("w").Input("r").Output("y");
      onnx::Node& node = model.Node(op, {"x", "w", "r"}, {"y"});
      SetString(node, "direction", "bidirectional");
      onnx::Attribute& activations = *node.add_attribute();
      activations.set_name("activations");
      activations.set_type(onnx::Attribute::STRINGS);
      for (const char* name : {first, second}) activations.add_strings(name);
      EXPECT_EQ(model.Prepare().ok(), fine) << op;
    }
  }
  EXPECT_THAT(std::string(PrepareNode("LSTM", {}, {{"input_forget", 1}}).status().message()),
              HasSubstr("the engine ignores input_forget"));
}

TEST(RedirectTest, NumbersAreComparedByTheEngine) {
  TestModel model;
  model.Input("a").Input("b").Output("y", T::BOOL);
  model.Node("Equal", {"a", "b"}, {"y"});
  const auto report = model.Prepare({{"lamina", "Equal"}});
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
}

TEST(RedirectTest, IntegersOfDataAreComparedByOurLayers) {
  for (const char* op : {"Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"}) {
    for (const int type : {T::INT32, T::INT64, T::UINT32, T::UINT64}) {
      TestModel model;
      model.Input("a", type).Output("y", T::BOOL);
      AddInts(model.graph(), "k", {5});
      model.Node("Abs", {"a"}, {"b"});
      model.Node(op, {"b", "k"}, {"y"});
      ASSERT_TRUE(model.Prepare({{"lamina", op}}).ok());
      EXPECT_EQ(model.Operators(), std::string("Abs lamina.") + op) << type;
    }
  }
}

TEST(RedirectTest, EightBitsAreDividedByOurLayerAndComparedByTheEngine) {
  for (const int type : {T::INT8, T::UINT8}) {
    TestModel model;
    model.Input("a", type).Output("y", type).Output("z", T::BOOL);
    model.Node("Div", {"a", "a"}, {"y"});
    model.Node("Less", {"a", "a"}, {"z"});
    ASSERT_TRUE(model.Prepare({{"lamina", "Div"}, {"lamina", "Less"}}).ok());
    EXPECT_EQ(model.Operators(), "lamina.Div Less") << type;
  }
}

TEST(RedirectTest, StringsAreGatheredAndScatteredByOurLayers) {
  for (const char* op : {"GatherElements", "GatherND", "ScatterElements", "ScatterND"}) {
    for (const int type : {T::STRING, T::FLOAT}) {
      TestModel model;
      model.Input("x", type).Input("i", T::INT64).Output("y", type);
      model.Node(op, {"x", "i", std::string_view(op).starts_with("Scatter") ? "x" : ""}, {"y"});
      ASSERT_TRUE(model.Prepare({{"lamina", op}}).ok());
      EXPECT_EQ(model.Operators(), std::string(type == T::STRING ? "lamina." : "") + op);
    }
  }
}

TEST(RedirectTest, ShapesAreComparedByTheEngine) {
  TestModel model;
  model.Input("a").Output("y", T::BOOL);
  AddInts(model.graph(), "k", {5});
  model.Node("Shape", {"a"}, {"b"});
  model.Node("Equal", {"b", "k"}, {"y"});
  ASSERT_TRUE(model.Prepare({{"lamina", "Equal"}}).ok());
  EXPECT_EQ(model.Operators(), "Shape Equal");
}

TEST(RedirectTest, TheCounterOfALoopIsComparedByTheEngine) {
  TestModel model;
  model.Input("n", T::INT64, {}).Input("c", T::BOOL, {}).Output("y");
  onnx::Attribute& body = *model.Node("Loop", {"n", "c"}, {"y"}).add_attribute();
  body.set_name("body");
  for (const char* name : {"i", "go"}) {
    onnx::ValueInfo& input = *body.mutable_g()->add_input();
    input.set_name(name);
    input.mutable_type()->mutable_tensor_type()->set_elem_type(T::INT64);
  }
  *body.mutable_g()->add_node() = MakeNode("Less", {"i", "i"}, {"l"});
  *body.mutable_g()->add_node() = MakeNode("Less", {"i", "n"}, {"m"});
  for (const char* name : {"l", "m"}) body.mutable_g()->add_output()->set_name(name);
  ASSERT_TRUE(model.Prepare({{"lamina", "Less"}}).ok());
  EXPECT_EQ(TestModel::OperatorsOf(model.graph().node(0).attribute(0).g()), "Less lamina.Less");
}

TEST(RedirectTest, TopKOfHalvesIsTheEngines) {
  for (const auto& [type, operators] : {std::pair(T::FLOAT, "lamina.TopK"), std::pair(T::FLOAT16, "TopK")}) {
    TestModel model;
    model.Input("x", type).Output("y", type).Output("i", T::INT64);
    AddInts(model.graph(), "k", {1});
    model.Node("TopK", {"x", "k"}, {"y", "i"});
    ASSERT_TRUE(model.Prepare({{"lamina", "TopK"}}).ok());
    EXPECT_EQ(model.Operators(), operators);
  }
}

TEST(RedirectTest, TileByAConstantIsTheEngines) {
  TestModel model;
  model.Input("x").Output("y");
  AddInts(model.graph(), "repeats", {1, 2});
  model.Node("Tile", {"x", "repeats"}, {"y"});
  EXPECT_TRUE(model.Prepare().ok());
  TestModel at_run_time;
  at_run_time.Input("x").Input("repeats", T::INT64, {2}).Output("y");
  at_run_time.Node("Tile", {"x", "repeats"}, {"y"});
  EXPECT_THAT(std::string(at_run_time.Prepare().status().message()), HasSubstr("repeats is not a constant"));
}

TEST(RedirectTest, ABranchHasConstantsOfItsOwn) {
  for (const bool is_constant : {true, false}) {
    TestModel model;
    model.Input("x").Input("c", T::BOOL, {}).Input("n", T::INT64, {2}).Output("y").Output("z");
    model.Node("Tile", {"x", "twice"}, {"z"});
    AddInts(model.graph(), "twice", {1, 2});
    onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"y"}), "r");
    if (is_constant) *branch.add_node() = MakeNode("Constant", {}, {"repeats"});
    *branch.add_node() = MakeNode("Tile", {"x", is_constant ? "repeats" : "n"}, {"r"});
    EXPECT_EQ(model.Prepare().ok(), is_constant);
  }
}

TEST(RedirectTest, InsideBranchesToo) {
  TestModel model;
  model.Input("c", T::BOOL, {}).Input("s", T::STRING).Output("y", T::BOOL);
  onnx::Node& branches = model.Node("If", {"c"}, {"y"});
  onnx::Graph& branch = TestModel::Branch(branches, "e");
  *branch.add_node() = MakeNode("Equal", {"s", "s"}, {"e"});
  ASSERT_TRUE(model.Prepare({{"lamina", "Equal"}}).ok());
  EXPECT_EQ(TestModel::OperatorsOf(model.graph().node(0).attribute(0).g()), "lamina.Equal");
}

}  // namespace
}  // namespace lamina::prepare
