#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using T = onnx::Tensor;

const std::vector<LayerBinding> kLayers = {
    {"my", "Op"}, {"lamina", "Concat"}, {"lamina", "Cast"}, {"lamina", "Identity"}};

TEST(SixtyFourBitsTest, WhatMovesAnInputToALayerGoesToOurs) {
  TestModel model;
  model.Import("my", 1).Input("a", T::INT64).Input("b", T::INT64).Output("y");
  SetInt(model.Node("Concat", {"a", "b"}, {"ab"}), "axis", 1);
  model.Node("Reshape", {"ab", "shape"}, {"flat"});
  AddInts(model.graph(), "shape", {-1});
  model.Node("Op", {"flat"}, {"y"}, "my");
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "lamina.Concat Reshape my.Op");
}

TEST(SixtyFourBitsTest, ACastFromIntegersGoesToOurs) {
  TestModel model;
  model.Input("a", T::INT64).Input("d", T::DOUBLE).Output("y").Output("z");
  SetInt(model.Node("Concat", {"a", "a"}, {"aa"}), "axis", 1);
  SetInt(model.Node("Cast", {"aa"}, {"y"}), "to", T::FLOAT);
  SetInt(model.Node("Cast", {"d"}, {"z"}), "to", T::FLOAT);  // f64 to f32 is what the engine does anyway
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "lamina.Concat lamina.Cast Cast");
}

TEST(SixtyFourBitsTest, ACastOfFloatsToAnOutputOrALayerGoesToOurs) {
  TestModel model;
  model.Import("my", 1).Input("f").Output("y", T::INT64).Output("z").Output("w", T::INT64).Output("v", T::INT32);
  SetInt(model.Node("Cast", {"f"}, {"whole"}), "to", T::INT64);
  model.Node("Reshape", {"whole", "shape"}, {"flat"});
  AddInts(model.graph(), "shape", {-1});
  SetInt(model.Node("Concat", {"flat", "flat"}, {"y"}), "axis", 0);
  model.Node("Op", {"flat"}, {"z"}, "my");
  SetInt(model.Node("Cast", {"f"}, {"w"}), "to", T::INT64);
  SetInt(model.Node("Cast", {"f"}, {"v"}), "to", T::INT32);
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "lamina.Cast Reshape lamina.Concat my.Op lamina.Cast Cast");
}

TEST(SixtyFourBitsTest, ACastOfFloatsForTheEngineStaysThere) {
  TestModel model;
  model.Import("my", 1).Input("f").Input("data").Output("y").Output("z");
  SetInt(model.Node("Cast", {"f"}, {"indices"}), "to", T::INT64);
  model.Node("Gather", {"data", "indices"}, {"y"});
  model.Node("Op", {"f"}, {"z"}, "my");
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "Cast Gather my.Op");
}

TEST(SixtyFourBitsTest, WhatEndsInTheEngineStaysThere) {
  TestModel model;
  model.Import("my", 1).Input("a", T::INT64).Input("f").Output("y", T::INT64).Output("z");
  SetInt(model.Node("Concat", {"a", "a"}, {"aa"}), "axis", 1);
  model.Node("Add", {"aa", "aa"}, {"y"});
  model.Node("Op", {"f"}, {"z"}, "my");
  const auto report = model.Prepare(kLayers);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(model.Operators(), "Concat Add my.Op");
  ASSERT_EQ(report->warnings.size(), 1u);
  EXPECT_EQ(report->warnings[0].operator_name, "Add");
}

TEST(SixtyFourBitsTest, WhatMovesAnInputToAnOutputGoesToOurs) {
  TestModel model;
  model.Input("a", T::INT64).Input("b", T::INT64).Output("y", T::INT64).Output("z", T::INT64);
  SetInt(model.Node("Concat", {"a", "b"}, {"y"}), "axis", 1);
  model.Node("Identity", {"b"}, {"z"});
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "lamina.Concat lamina.Identity");
}

/// Adds an i64 initializer without elements.
void AddEmpty(onnx::Graph& graph, const std::string& name, std::initializer_list<int64_t> dims) {
  onnx::Tensor& tensor = *graph.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(T::INT64);
  for (const int64_t dim : dims) tensor.add_dims(dim);
}

TEST(SixtyFourBitsTest, OurConcatIsNotGivenWhatAddsNothing) {
  for (const int64_t axis : {1, -1}) {
    TestModel model;
    model.Input("a", T::INT64, {2, 3}).Output("y", T::INT64, {2, 3});
    AddEmpty(model.graph(), "nothing", {2, 0});
    AddEmpty(model.graph(), "flat", {0});
    AddEmpty(model.graph(), "wide", {0, 3});  // adds 3 columns to no rows
    SetInt(model.Node("Concat", {"nothing", "a", "flat", "wide"}, {"y"}), "axis", axis);
    ASSERT_TRUE(model.Prepare(kLayers).ok());
    EXPECT_EQ(model.Operators(), "lamina.Concat");
    EXPECT_THAT(model.graph().node(0).input(), testing::ElementsAre("a", "wide"));
  }
}

TEST(SixtyFourBitsTest, AnOutputThatIsOnlyReshapedEndsInALayer) {
  TestModel model;
  model.Input("a", T::INT64).Input("f").Output("y", T::INT64, {-1}).Output("g");
  model.Node("Transpose", {"a"}, {"t"});
  model.Node("Reshape", {"t", "shape"}, {"y"});
  AddInts(model.graph(), "shape", {-1});
  model.Node("Identity", {"f"}, {"g"});
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "Transpose Reshape Identity lamina.Identity");
  EXPECT_EQ(model.graph().node(3).output(0), "y");
  EXPECT_EQ(model.graph().node(3).input(0), model.graph().node(1).output(0));
}

TEST(SixtyFourBitsTest, OfOutputsInAChainEachEndsInALayerAndIsReadBeforeIt) {
  TestModel model;
  model.Input("a", T::INT64).Output("y", T::INT64).Output("z", T::INT64).Output("y", T::INT64);
  model.Node("Transpose", {"a"}, {"y"});
  model.Node("Transpose", {"y"}, {"z"});
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "Transpose Transpose lamina.Identity lamina.Identity");
  const onnx::Graph& graph = model.graph();
  EXPECT_EQ(graph.node(1).input(0), graph.node(0).output(0));
  for (const int i : {0, 1}) EXPECT_EQ(graph.node(2 + i).input(0), graph.node(i).output(0));
  EXPECT_EQ(graph.node(2).output(0), "y");
  EXPECT_EQ(graph.node(3).output(0), "z");
}

TEST(SixtyFourBitsTest, AnOutputWhoseNameABranchHasForItselfIsLeftAndTold) {
  TestModel model;
  model.Input("a", T::INT64).Input("c", T::BOOL, {}).Output("y", T::INT64).Output("z");
  model.Node("Transpose", {"a"}, {"y"});
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"z"}), "r");
  AddFloat(branch, "y", 1);
  *branch.add_node() = MakeNode("Neg", {"y"}, {"r"});
  const auto report = model.Prepare(kLayers);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(model.Operators(), "Transpose If");
  ASSERT_EQ(report->warnings.size(), 1u);
  EXPECT_EQ(report->warnings[0].operator_name, "Transpose");
}

TEST(SixtyFourBitsTest, WhatTheEngineComputedIsNotWhole) {
  TestModel model;
  model.Import("my", 1).Input("f").Output("y");
  model.Node("ArgMax", {"f"}, {"i"});
  SetInt(model.Node("Concat", {"i", "i"}, {"ii"}), "axis", 0);
  model.Node("Op", {"ii"}, {"y"}, "my");
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "ArgMax Concat my.Op");
}

TEST(SixtyFourBitsTest, WhatNoLayerTakesIsSaid) {
  TestModel model;
  model.Import("my", 1).Input("a", T::INT64).Output("y");
  model.Node("Gather", {"a", "index"}, {"g"});
  AddInts(model.graph(), "index", {0});
  model.Node("Op", {"g"}, {"y"}, "my");
  const auto report = model.Prepare(kLayers);
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->warnings.size(), 1u);
  EXPECT_EQ(report->warnings[0].operator_name, "Gather");
}

}  // namespace
}  // namespace lamina::prepare
