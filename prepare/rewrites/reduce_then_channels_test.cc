#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

/// ReduceSum over `axis` -> Mul by a scalar -> Add of a constant of `channels` values.
TestModel Chain(int64_t opset, int64_t axis, std::initializer_list<int64_t> channels, int64_t keepdims = 0) {
  TestModel model(opset);
  model.Input("x", onnx::Tensor::FLOAT, {-1, 3, 4}).Output("y");
  onnx::Node& reduce = model.Node("ReduceSum", {"x"}, {"r"});
  if (opset >= 13) {
    reduce.add_input("axis");
    AddInts(model.graph(), "axis", {axis});
  } else {
    SetInts(reduce, "axes", {axis});
  }
  SetInt(reduce, "keepdims", keepdims);
  model.Node("Mul", {"r", "half"}, {"h"});
  AddFloat(model.graph(), "half", 0.5f);
  model.Node("Add", {"c", "h"}, {"y"});
  AddInts(model.graph(), "c", channels);
  return model;
}

TEST(ReduceThenChannelsTest, IsKeptApartBySqueeze) {
  TestModel model = Chain(18, 2, {1, 2, 3});
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "ReduceSum Squeeze Mul Add");
  EXPECT_EQ(IntAttribute(model.graph().node(0), "keepdims", 0), 1);
  EXPECT_EQ(model.graph().node(1).output(0), "r");
  EXPECT_EQ(model.graph().node(1).input_size(), 2);
}

TEST(ReduceThenChannelsTest, BeforeOpset13TheAxisIsAnAttribute) {
  TestModel model = Chain(11, -1, {1, 2, 3});
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "ReduceSum Squeeze Mul Add");
  EXPECT_EQ(FindAttribute(model.graph().node(1), "axes")->ints(0), -1);
}

/// The constant's values stand one below the other: [n, 1].
TestModel ChainOfColumn(int64_t axis, int64_t keepdims) {
  TestModel model = Chain(18, axis, {1, 2, 3}, keepdims);
  model.graph().mutable_initializer(model.graph().initializer_size() - 1)->add_dims(1);
  return model;
}

TEST(ReduceThenChannelsTest, WithKeepdimsACumSumOverNothingIsBetween) {
  for (const int64_t axis : {0, 2, -1, -3}) {
    TestModel model = ChainOfColumn(axis, 1);
    ASSERT_TRUE(model.Prepare().ok());
    EXPECT_EQ(model.Operators(), "ReduceSum CumSum Mul Add") << axis;
    const onnx::Tensor& added = model.graph().initializer(model.graph().initializer_size() - 1);
    EXPECT_EQ(added.name(), model.graph().node(1).input(1));
    EXPECT_EQ(added.dims_size(), 0);
    EXPECT_EQ(added.int64_data(0), axis);
  }
}

TEST(ReduceThenChannelsTest, TheFirstAxisIsSqueezed) {
  TestModel model = ChainOfColumn(0, 0);
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "ReduceSum Squeeze Mul Add");
}

TEST(ReduceThenChannelsTest, ConstantsOfAnotherAxisStay) {
  for (TestModel model : {Chain(18, 0, {1, 2, 3}), Chain(18, 2, {1, 2, 3}, 1)}) {
    const auto report = model.Prepare();
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report->changes.empty());
  }
}

TEST(ReduceThenChannelsTest, OtherAxesAndScalarsStay) {
  for (TestModel model : {Chain(18, 1, {1, 2, 3}), Chain(18, 2, {7})}) {
    const auto report = model.Prepare();
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report->changes.empty());
  }
}

TEST(ReduceThenChannelsTest, AResultReadTwiceStays) {
  TestModel model = Chain(18, 2, {1, 2, 3});
  model.Output("z").Node("Exp", {"r"}, {"z"});
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
}

TEST(ReduceThenChannelsTest, AllThatLeadToTheConstantAreKeptApart) {
  TestModel model = Chain(18, 2, {1, 2, 3});
  onnx::Graph& graph = model.graph();
  *graph.mutable_node(1) = MakeNode("Clip", {"r", "s"}, {"h"});
  onnx::Node& other = model.Node("ReduceMax", {"x", "axis"}, {"s"});
  SetInt(other, "keepdims", 0);
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "ReduceSum Squeeze ReduceMax Squeeze Clip Add");
}

TEST(ReduceThenChannelsTest, AResultThatIsAbsentIsFollowedNoFurther) {
  TestModel model = Chain(18, 2, {1, 2, 3});
  model.Node("ReduceSum", {"x", "axis"}, {"s"});
  model.Node("Clip", {"s", "", "half"}, {""});
  EXPECT_TRUE(model.Prepare().ok());
}

}  // namespace
}  // namespace lamina::prepare
