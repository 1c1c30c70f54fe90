// That the engine reads what comes out is tested in tests/prepare.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::ElementsAre;
using T = onnx::Tensor;

void AddStrings(onnx::Tensor& tensor, std::initializer_list<int64_t> dims) {
  tensor.set_data_type(T::STRING);
  for (const int64_t dim : dims) tensor.add_dims(dim);
}

TEST(EmptyStringsTest, AreExpanded) {
  TestModel model;
  model.Input("x", T::STRING, {1, 2}).Output("y", T::STRING, {1, 2});
  onnx::Tensor& initializer = *model.model().mutable_graph()->add_initializer();
  initializer.set_name("none");
  AddStrings(initializer, {0, 2});
  onnx::Attribute& value = *model.Node("Constant", {}, {"constant"}).add_attribute();
  value.set_name("value");
  value.set_type(onnx::Attribute::TENSOR);
  AddStrings(*value.mutable_t(), {0, int64_t{1} << 40});
  SetStrings(model.Node("Constant", {}, {"list"}), "value_strings", {});
  SetInt(model.Node("Concat", {"x", "none"}, {"y"}), "axis", 0);
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "Expand Expand Expand Concat");
  EXPECT_EQ(model.graph().node(0).output(0), "none");
  std::map<std::string, std::vector<int64_t>> numbers;
  for (const onnx::Tensor& tensor : model.graph().initializer()) {
    EXPECT_TRUE(tensor.data_type() == T::INT64 || tensor.string_data_size() == 1) << tensor.name();
    numbers[tensor.name()].assign(tensor.int64_data().begin(), tensor.int64_data().end());
  }
  EXPECT_THAT(numbers["none/shape"], ElementsAre(0, 2));
  EXPECT_THAT(numbers["constant/shape"], ElementsAre(0, int64_t{1} << 40));
  EXPECT_THAT(numbers["list/shape"], ElementsAre(0));
}

}  // namespace
}  // namespace lamina::prepare
