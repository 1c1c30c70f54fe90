#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

TEST(KnnImputerTest, TheIndicesAreFlattened) {
  TestModel model;
  model.Import("local_domain", 1).Input("x").Input("i", onnx::Tensor::INT64, {1, -1}).Output("y");
  onnx::Function& function = *model.model().add_functions();
  function.set_domain("local_domain");
  function.set_name("knn_imputer_column_all_nan");
  function.add_input("x");
  function.add_input("potential_donors_idx");
  function.add_output("output_1");
  *function.add_node() = MakeNode("Gather", {"x", "potential_donors_idx"}, {"output_1"});
  SetInt(*function.mutable_node(0), "axis", 1);
  model.Node("knn_imputer_column_all_nan", {"x", "i"}, {"y"}, "local_domain");
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(model.Operators(), "Constant Reshape Gather");
  EXPECT_EQ(model.graph().node(1).input(0), "i");
  EXPECT_EQ(model.graph().node(2).input(1), model.graph().node(1).output(0));
}

}  // namespace
}  // namespace lamina::prepare
