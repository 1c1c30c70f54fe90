#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using T = onnx::Tensor;

TestModel Product(int type) {
  TestModel model;
  model.Input("x", type).Output("y", type);
  for (const char* name : {"w", "a", "b"}) {
    onnx::Tensor& tensor = *model.graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    tensor.add_dims(3);
  }
  model.Node("MatMul", {"x", "w"}, {"p"});
  model.Node("Neg", {"a"}, {"c"});
  model.Node("Add", {"p", "c"}, {"q"});
  model.Node("Add", {"b", "q"}, {"y"});
  return model;
}

TEST(TwoBiasesTest, TheConstantsAreAddedFirst) {
  TestModel model = Product(T::DOUBLE);
  ASSERT_TRUE(model.Prepare().ok());
  ASSERT_EQ(model.Operators(), "MatMul Neg Add Add");
  EXPECT_EQ(model.graph().node(2).input(0), "c");
  EXPECT_EQ(model.graph().node(2).input(1), "b");
  EXPECT_EQ(model.graph().node(3).input(0), model.graph().node(2).output(0));
  EXPECT_EQ(model.graph().node(3).input(1), "p");
}

TEST(TwoBiasesTest, FloatsAreTheEngines) {
  TestModel model = Product(T::FLOAT);
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
}

TEST(TwoBiasesTest, ASumThatIsReadElsewhereStays) {
  TestModel model = Product(T::DOUBLE);
  model.Output("q", T::DOUBLE);
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->changes.empty());
}

TEST(TwoBiasesTest, ASumThatABranchReadsStays) {
  for (const bool by_a_node : {true, false}) {
    TestModel model = Product(T::DOUBLE);
    model.Input("is", T::BOOL, {}).Output("z", T::DOUBLE);
    onnx::Graph& branch = TestModel::Branch(model.Node("If", {"is"}, {"z"}), by_a_node ? "n" : "q");
    if (by_a_node) *branch.add_node() = MakeNode("Neg", {"q"}, {"n"});
    ASSERT_TRUE(model.Prepare().ok());
    EXPECT_EQ(model.Operators(), "MatMul Neg Add Add If");
    EXPECT_EQ(model.graph().node(2).output(0), "q");
  }
}

}  // namespace
}  // namespace lamina::prepare
