// That values are then rounded is tested with the engine in tests/prepare.
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using T = onnx::Tensor;

const std::vector<LayerBinding> kCast = {{"lamina", "Cast"}};

/// x -> Cast to `first` -> `between` -> Cast to `second`: the domain of the first after preparation.
std::string DomainOfFirst(T::DataType from, T::DataType first, const std::string& between, T::DataType second,
                          const std::vector<LayerBinding>& layers = kCast) {
  TestModel model;
  model.Input("x", from).Output("y");
  SetInt(model.Node("Cast", {"x"}, {"m"}), "to", first);
  model.Node(between, {"m"}, {"n"});
  SetInt(model.Node("Cast", {"n"}, {"y"}), "to", second);
  EXPECT_TRUE(model.Prepare(layers).ok());
  return model.graph().node(0).domain();
}

TEST(NarrowCastsTest, OneBeforeAnotherCastGoesToOurLayer) {
  for (const auto to : {T::FLOAT16, T::BFLOAT16}) {
    EXPECT_EQ("lamina", DomainOfFirst(T::FLOAT, to, "Transpose", T::FLOAT));
    EXPECT_EQ("lamina", DomainOfFirst(T::FLOAT, to, "Slice", T::FLOAT));
    EXPECT_EQ("", DomainOfFirst(T::FLOAT, to, "Neg", T::FLOAT));
    EXPECT_EQ("", DomainOfFirst(T::FLOAT, to, "Transpose", T::FLOAT, {}));
  }
  EXPECT_EQ("lamina", DomainOfFirst(T::FLOAT16, T::BFLOAT16, "Transpose", T::FLOAT));
  EXPECT_EQ("", DomainOfFirst(T::FLOAT16, T::FLOAT16, "Transpose", T::FLOAT));
  EXPECT_EQ("lamina", DomainOfFirst(T::INT32, T::INT16, "Transpose", T::INT32));
  EXPECT_EQ("", DomainOfFirst(T::FLOAT, T::DOUBLE, "Transpose", T::FLOAT));
}

}  // namespace
}  // namespace lamina::prepare
