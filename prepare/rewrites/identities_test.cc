#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using T = onnx::Tensor;

const std::vector<LayerBinding> kLayers = {{"my", "Op"}};

TEST(IdentitiesTest, AfterALayerTheyAreDropped) {
  TestModel model;
  model.Import("my", 1).Input("x").Output("y");
  model.Node("Op", {"x"}, {"a"}, "my");
  model.Node("Identity", {"a"}, {"b"});
  model.Node("Identity", {"b"}, {"y"});
  model.Node("Relu", {"b"}, {"unused"});
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "my.Op Relu");
  EXPECT_EQ(model.graph().node(0).output(0), "y");
  EXPECT_EQ(model.graph().node(1).input(0), "y");
}

TEST(IdentitiesTest, TheEnginesOwnStay) {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Relu", {"x"}, {"a"});
  model.Node("Identity", {"a"}, {"y"});
  const auto report = model.Prepare(kLayers);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
}

TEST(IdentitiesTest, OfStringsOnlyThatFromInputToOutputStays) {
  TestModel model;
  model.Input("x", T::STRING).Output("y", T::STRING).Output("z", T::STRING);
  model.Node("Identity", {"x"}, {"y"});
  model.Node("Identity", {"x"}, {"a"});
  model.Node("Reshape", {"a", "shape"}, {"z"});
  AddInts(model.graph(), "shape", {-1});
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "Identity Reshape");
  EXPECT_EQ(model.graph().node(1).input(0), "x");
}

TEST(IdentitiesTest, OfAChainFromInputToOutputOneStays) {
  for (const bool is_constant : {false, true}) {
    TestModel model;
    model.Input("x", T::STRING).Output("y", T::STRING).Output("z", T::STRING);
    onnx::Tensor& constant = *model.graph().add_initializer();
    constant.set_name("c");
    constant.set_data_type(T::STRING);
    const std::string from = is_constant ? "c" : "x";
    model.Node("Identity", {from}, {"a"});
    model.Node("Identity", {"a"}, {"y"});
    model.Node("Reshape", {from, "shape"}, {"z"});
    AddInts(model.graph(), "shape", {-1});
    ASSERT_TRUE(model.Prepare(kLayers).ok());
    EXPECT_EQ(model.Operators(), "Identity Reshape");
    EXPECT_EQ(model.graph().node(0).input(0), from);
    EXPECT_EQ(model.graph().node(0).output(0), "y");
    EXPECT_EQ(model.graph().node(1).input(0), from);
  }
}

TEST(IdentitiesTest, OneWithoutANameForItsOutputLeavesAbsentInputsAbsent) {
  TestModel model;
  model.Import("my", 1).Input("x").Output("y");
  model.Node("Op", {"x"}, {"a"}, "my");
  model.Node("Identity", {"a"}, {""});
  model.Node("Clip", {"a", "", "max"}, {"y"});
  AddFloat(model.graph(), "max", 1);
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.graph().node(2).input(1), "");
}

TEST(IdentitiesTest, ReadersInsideABranchFollow) {
  TestModel model;
  model.Import("my", 1).Input("x").Input("c", T::BOOL, {}).Output("y");
  model.Node("Op", {"x"}, {"a"}, "my");
  model.Node("Identity", {"a"}, {"b"});
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"y"}), "r");
  *branch.add_node() = MakeNode("Relu", {"b"}, {"r"});
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "my.Op If");
  EXPECT_EQ(model.graph().node(1).attribute(0).g().node(0).input(0), "a");
}

/// Op(x) -> a, Identity(a) -> b, If(c) whose branch has a value of its own named `own` and adds it to b.
TestModel Branch(const std::string& own) {
  TestModel model;
  model.Import("my", 1).Input("x").Input("c", T::BOOL, {}).Output("y");
  model.Node("Op", {"x"}, {"a"}, "my");
  model.Node("Identity", {"a"}, {"b"});
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"y"}), "r");
  AddFloat(branch, own, 1);
  *branch.add_node() = MakeNode("Add", {"b", own}, {"r"});
  return model;
}

TEST(IdentitiesTest, OneStaysWhereABranchHasAValueOfSuchAName) {
  for (const char* own : {"a", "b"}) {
    TestModel model = Branch(own);
    ASSERT_TRUE(model.Prepare(kLayers).ok());
    EXPECT_EQ(model.Operators(), "my.Op Identity If") << own;
    EXPECT_EQ(model.graph().node(2).attribute(0).g().node(0).input(0), "b") << own;
  }
}

TEST(IdentitiesTest, OneIsDroppedWhereABranchHasValuesOfOtherNames) {
  TestModel model = Branch("d");
  ASSERT_TRUE(model.Prepare(kLayers).ok());
  EXPECT_EQ(model.Operators(), "my.Op If");
  EXPECT_EQ(model.graph().node(1).attribute(0).g().node(0).input(0), "a");
}

}  // namespace
}  // namespace lamina::prepare
