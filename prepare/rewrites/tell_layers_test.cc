#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using T = onnx::Tensor;

onnx::Attribute& AddTensor(onnx::Node& node, const std::string& name, T::DataType type) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::Attribute::TENSOR);
  attribute.mutable_t()->set_data_type(type);
  attribute.mutable_t()->add_dims(1);
  return attribute;
}

TestModel LabelEncoder() {
  TestModel model;
  model.Import("ai.onnx.ml", 4).Input("x", T::STRING).Output("y", T::INT64);
  onnx::Node& node = model.Node("LabelEncoder", {"x"}, {"y"}, "ai.onnx.ml");
  AddTensor(node, "keys_tensor", T::STRING).mutable_t()->add_string_data("a");
  SetInt(node, "default_int64", 3);
  AddTensor(node, "values_tensor", T::INT64).mutable_t()->add_int64_data(7);
  return model;
}

const std::vector<LayerBinding> kEncoder = {{"ai.onnx.ml", "LabelEncoder", 4, 0}};

TEST(TellLayersTest, TensorAttributesBecomeTrailingInputs) {
  TestModel model = LabelEncoder();
  const auto report = model.Prepare(kEncoder);
  ASSERT_TRUE(report.ok()) << report.status();
  const onnx::Node& node = model.graph().node(0);
  EXPECT_THAT(node.input(), ElementsAre("x", "y/keys_tensor", "y/values_tensor"));
  EXPECT_THAT(FindAttribute(node, "lamina_tensor_attributes")->strings(), ElementsAre("keys_tensor", "values_tensor"));
  EXPECT_EQ(FindAttribute(node, "keys_tensor"), nullptr);
  EXPECT_EQ(IntAttribute(node, "default_int64", 0), 3);
  EXPECT_EQ(IntAttribute(node, "lamina_opset", 0), 4);
  EXPECT_EQ(IntAttribute(node, "lamina_output_count", 0), 1);
  ASSERT_EQ(model.graph().initializer_size(), 2);
  EXPECT_EQ(model.graph().initializer(0).name(), "y/keys_tensor");
  EXPECT_THAT(model.graph().initializer(0).string_data(), ElementsAre("a"));
  EXPECT_THAT(model.graph().initializer(1).int64_data(), ElementsAre(7));
}

TEST(TellLayersTest, ListsOfTensorsAreNumbered) {
  TestModel model;
  model.Import("my", 2).Input("x").Output("y");
  onnx::Attribute& attribute = *model.Node("Op", {"x", ""}, {"y"}, "my").add_attribute();
  attribute.set_name("t");
  attribute.set_type(onnx::Attribute::TENSORS);
  attribute.add_tensors()->set_data_type(T::FLOAT);
  attribute.add_tensors()->set_data_type(T::INT32);
  ASSERT_TRUE(model.Prepare({{"my", "Op"}}).ok());
  EXPECT_THAT(model.graph().node(0).input(), ElementsAre("x", "", "y/t[0]", "y/t[1]"));
  EXPECT_THAT(FindAttribute(model.graph().node(0), "lamina_tensor_attributes")->strings(), ElementsAre("t[0]", "t[1]"));
}

std::string ErrorOfAttribute(const std::string& name, const LayerBinding& binding) {
  TestModel model;
  model.Import("my", 2).Import("lamina", 1).Input("x").Output("y");
  onnx::Node& node = model.Node("Op", {"x"}, {"y"}, binding.domain);
  node.set_name("n");
  SetInt(node, name, 1);
  return std::string(model.Prepare({binding}).status().message());
}

// The layer would pass it over and use its default.
TEST(TellLayersTest, AnAttributeThatTheLayerLacksIsRefused) {
  EXPECT_EQ(ErrorOfAttribute("limit", {"my", "Op", 0, 0, {{"limit", "mode"}}}), "");
  EXPECT_EQ(ErrorOfAttribute("limitt", {"my", "Op", 0, 0, {{"mode", "limit"}}}),
            "node 'n' (my.Op) has an attribute 'limitt' that its layer does not have; did you mean 'limit'?");
  EXPECT_EQ(ErrorOfAttribute("axis", {"my", "Op", 0, 0, {{"limit", "mode"}}}),
            "node 'n' (my.Op) has an attribute 'axis' that its layer does not have; it has: limit, mode");
  EXPECT_EQ(ErrorOfAttribute("axis", {"my", "Op", 0, 0, {std::vector<std::string>()}}),
            "node 'n' (my.Op) has an attribute 'axis' that its layer does not have; it has none");
  EXPECT_EQ(ErrorOfAttribute("axis", {"my", "Op", 0, 0}), "") << "what the layer has is not known";
  EXPECT_EQ(ErrorOfAttribute("axis", {"lamina", "Op", 0, 0, {{"limit"}}}), "") << "the engine's operator has more";
}

TEST(TellLayersTest, AnotherVersionOfTheOperatorIsNotTheLayers) {
  TestModel model = LabelEncoder();
  const auto report = model.Prepare({{"ai.onnx.ml", "LabelEncoder", 1, 2}});
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->unknown.size(), 1u);
  EXPECT_EQ(model.graph().node(0).input_size(), 1);
}

TEST(TellLayersTest, ALayerIsToldThatItIsInABody) {
  TestModel model;
  model.Import("my", 2).Input("c").Input("x").Output("y").Output("z");
  onnx::Attribute& branch = *model.Node("If", {"c"}, {"y"}).add_attribute();
  branch.set_name("then_branch");
  branch.set_type(onnx::Attribute::GRAPH);
  *branch.mutable_g()->add_node() = MakeNode("Op", {"x"}, {"t"});
  branch.mutable_g()->mutable_node(0)->set_domain("my");
  branch.mutable_g()->add_output()->set_name("t");
  model.Node("Op", {"x"}, {"z"}, "my");
  ASSERT_TRUE(model.Prepare({{"my", "Op"}}).ok());
  EXPECT_EQ(IntAttribute(model.graph().node(0).attribute(0).g().node(0), "lamina_in_body", 0), 1);
  EXPECT_EQ(FindAttribute(model.graph().node(1), "lamina_in_body"), nullptr);
}

/// The mark of "my.Op" in a branch of an If whose branches end in these operators of it, and whose output `reader`
/// reads.
int64_t MarkInBranches(const char* first, const char* second, const char* reader) {
  TestModel model;
  model.Import("my", 2).Input("c").Input("x").Output("z");
  onnx::Node& node = model.Node("If", {"c"}, {"y"});
  for (const bool is_first : {true, false}) {
    const std::string output = is_first ? "t" : "e";
    onnx::Graph& branch = TestModel::Branch(node, output, is_first ? "then_branch" : "else_branch");
    *branch.add_node() = MakeNode("Op", {"x"}, {output + "_op"});
    *branch.add_node() = MakeNode(is_first ? first : second, {output + "_op"}, {output});
    branch.mutable_node(0)->set_domain("my");
  }
  model.Node(reader, {"y"}, {"z"}, reader == std::string("Op") ? "my" : "");
  EXPECT_TRUE(model.Prepare({{"my", "Op"}}).ok());
  return IntAttribute(model.graph().node(0).attribute(0).g().node(0), "lamina_in_body", 0);
}

TEST(TellLayersTest, OutOfTheBranchesOfAnIfSixtyFourBitsMayGo) {
  EXPECT_EQ(MarkInBranches("Reshape", "Transpose", "Op"), 0);
  EXPECT_EQ(MarkInBranches("Neg", "Neg", "Op"), 0) << "what goes out is the engine's";
  EXPECT_EQ(MarkInBranches("Reshape", "Neg", "Op"), 1) << "the other branch has the engine's 32 bits";
  EXPECT_EQ(MarkInBranches("Reshape", "Transpose", "Neg"), 1) << "the engine reads 32 bits";
}

TEST(TellLayersTest, PreparingTwiceChangesNothing) {
  TestModel model = LabelEncoder();
  ASSERT_TRUE(model.Prepare(kEncoder).ok());
  const std::string once = model.Bytes();
  const auto report = model.Prepare(kEncoder);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
  EXPECT_EQ(model.Bytes(), once);
}

TEST(TellLayersTest, TheEnginesOwnNodesKeepTheirTensors) {
  TestModel model;
  model.Output("y");
  AddTensor(model.Node("Constant", {}, {"y"}), "value", T::FLOAT).mutable_t()->add_float_data(1);
  const auto report = model.Prepare(kEncoder);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
  EXPECT_NE(FindAttribute(model.graph().node(0), "value"), nullptr);
}

}  // namespace
}  // namespace lamina::prepare
