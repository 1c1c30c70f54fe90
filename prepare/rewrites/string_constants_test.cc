#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::ElementsAre;
using T = onnx::Tensor;

TEST(StringConstantsTest, BecomeTensors) {
  TestModel model;
  model.Output("many", T::STRING, {2}).Output("one", T::STRING, {});
  SetStrings(model.Node("Constant", {}, {"many"}), "value_strings", {"a", ""});
  SetString(model.Node("Constant", {}, {"one"}), "value_string", "b");
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->Lines(), ElementsAre("Constant (2 nodes): given its strings as a tensor"));
  for (const onnx::Node& node : model.graph().node()) {
    ASSERT_EQ(node.attribute_size(), 1);
    EXPECT_EQ(node.attribute(0).name(), "value");
    EXPECT_EQ(node.attribute(0).type(), onnx::Attribute::TENSOR);
    EXPECT_EQ(node.attribute(0).t().data_type(), T::STRING);
  }
  const onnx::Tensor& many = model.graph().node(0).attribute(0).t();
  EXPECT_THAT(many.dims(), ElementsAre(2));
  EXPECT_THAT(many.string_data(), ElementsAre("a", ""));
  const onnx::Tensor& one = model.graph().node(1).attribute(0).t();
  EXPECT_EQ(one.dims_size(), 0);
  EXPECT_THAT(one.string_data(), ElementsAre("b"));
}

TEST(StringConstantsTest, InsideBranchesToo) {
  TestModel model;
  model.Input("c", T::BOOL, {}).Output("y", T::STRING, {1});
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"y"}), "r");
  SetStrings(*branch.add_node() = MakeNode("Constant", {}, {"r"}), "value_strings", {"a"});
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.graph().node(0).attribute(0).g().node(0).attribute(0).name(), "value");
}

TEST(StringConstantsTest, NumbersAreLeftAlone) {
  TestModel model;
  model.Output("y", T::INT64, {});
  SetInt(model.Node("Constant", {}, {"y"}), "value_int", 3);
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
}

}  // namespace
}  // namespace lamina::prepare
