// How nodes of ONNX and TensorFlow models become operations.
#include "extension/bridge/conversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <fstream>

#include "extension/bridge/testing/runs.h"

namespace lamina::bridge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using F = OnnxType;

std::string Bits(float value) { return std::to_string(std::bit_cast<uint32_t>(value)); }
std::string Bits(double value) { return std::to_string(std::bit_cast<uint64_t>(value)); }

// What the layer Describe was told of its node.
std::string Described(OnnxModel model, const std::vector<std::string>& inputs,
                      const std::vector<OnnxAttribute>& attributes) {
  auto core = TestCore();
  model.Input("x", F::kFloat, {1}).Node("test", "Describe", inputs, {"y"}, attributes).Output("y", F::kString, {1});
  return ValuesOf<std::string>(OutputsOf(core, model, {TensorOf<float>({1}, {0})})[0])[0];
}

TEST(ConversionTest, AttributesOfEveryKindArriveExactly) {
  EXPECT_EQ(
      Described({}, {"x"},
                {Int("i", int64_t{1} << 40), Float("f", 0.1f), String("s", "text"),
                 Ints("is", {1, -(int64_t{1} << 50)}), Floats("fs", {1e-45f, -0.0f}), Strings("ss", {"a", "", "c"})}),
      "test.Describe/n0/0/1/1;i:1[1]=1099511627776,;f:2[1]=" + Bits(0.1f) +
          ",;s:3[1]=text,;is:4[2]=1,-1125899906842624,;fs:5[2]=" + Bits(1e-45f) + "," + Bits(-0.0f) +
          ",;ss:6[3]=a,,c,;");
}

TEST(ConversionTest, EmptyListsKeepTheirKind) {
  EXPECT_EQ(Described({}, {"x"}, {Ints("is", {}), Floats("fs", {}), Strings("ss", {})}),
            "test.Describe/n0/0/1/1;is:4[0]=;fs:5[0]=;ss:6[0]=;");
}

TEST(ConversionTest, AbsentAttributesAreAbsent) { EXPECT_EQ(Described({}, {"x"}, {}), "test.Describe/n0/0/1/1;"); }

TEST(ConversionTest, TensorAttributesComeAsTrailingInputs) {
  const auto names = Strings("lamina_tensor_attributes", {"t"});
  OnnxModel doubles;
  doubles.Constant("c", F::kDouble, {2, 1}, Raw<double>({0.1, -3}));
  EXPECT_EQ(Described(doubles, {"x", "c"}, {names}),
            "test.Describe/n0/0/1/1;t:7[1]=f64x2x1 " + Bits(0.1) + " " + Bits(-3.0) + ";");
  OnnxModel ints;
  ints.Constant("c", F::kInt64, {1}, Raw<int64_t>({int64_t{1} << 40}));
  EXPECT_EQ(Described(ints, {"x", "c"}, {names, Int("i", 7)}),
            "test.Describe/n0/0/1/1;i:1[1]=7,;t:7[1]=i64x1 1099511627776;");
  OnnxModel strings;
  strings.Constant("c", {"one", "", "three"});
  EXPECT_EQ(Described(strings, {"x", "c"}, {names}), "test.Describe/n0/0/1/1;t:7[1]=stringx3 one  three;");
}

TEST(ConversionTest, ListsOfTensors) {
  OnnxModel model;
  model.Constant("a", F::kInt64, {1}, Raw<int64_t>({1})).Constant("b", {"two"});
  EXPECT_EQ(Described(model, {"x", "a", "b"}, {Strings("lamina_tensor_attributes", {"ts[0]", "ts[1]"})}),
            "test.Describe/n0/0/1/1;ts:8[2]=i64x1 1stringx1 two;");
}

TEST(ConversionTest, ATensorAttributeThatWasNotPreparedSaysWhatToDo) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {1});
  model.Node("test", "Describe", {"x"}, {"y"}, {Tensor("t", F::kFloat, {1}, Raw<float>({1}))})
      .Output("y", F::kString, {1});
  EXPECT_THAT(ErrorOf(core, model, {}),
              AllOf(HasSubstr("'n0'"), HasSubstr("attribute 't' is a tensor"), HasSubstr("lamina prepare")));
}

TEST(ConversionTest, TheOperatorSetChoosesTheLayerIfItIsKnown) {
  auto core = TestCore();
  const auto run = [&](const std::vector<OnnxAttribute>& attributes) {
    OnnxModel model;
    model.Input("x", F::kFloat, {1}).Node("test", "Versioned", {"x"}, {"y"}, attributes).Output("y", F::kFloat, {1});
    const std::string error = ErrorOf(core, model, {TensorOf<float>({1}, {0})});
    return error.empty() ? std::to_string(ValuesOf<float>(OutputsOf(core, model, {TensorOf<float>({1}, {0})})[0])[0])
                         : error;
  };
  EXPECT_EQ(run({Int("value", 7)}), "7.000000") << "not known: the newest that takes the node";
  EXPECT_EQ(run({}), "1.000000") << "the newest lacks its attribute";
  EXPECT_EQ(run({Int("value", 7), Int("lamina_opset", 2)}), "1.000000");
  EXPECT_EQ(run({Int("value", 7), Int("lamina_opset", 4)}), "7.000000");
  EXPECT_THAT(run({Int("lamina_opset", 3)}), HasSubstr("layer 'New', node 'n0': attribute 'value' is missing"));
  EXPECT_THAT(run({Int("lamina_opset", 9)}),
              AllOf(HasSubstr("'test.Versioned', node 'n0'"), HasSubstr("version 9"), HasSubstr("3 to 4, 1 to 2")));
}

// A GraphDef: Placeholder "x" -> the operator -> Identity "y".
std::string TensorFlowModel(const std::string& op, float alpha) {
  const auto attribute = [](const std::string& name, const Message& value) {
    return Message().Bytes(1, name).Add(2, value);
  };
  const Message float_type = Message().Varint(6, 1);
  const Message shape = Message().Add(7, Message().Add(2, Message().Varint(1, 3)));
  Message placeholder, node, identity;
  placeholder.Bytes(1, "x")
      .Bytes(2, "Placeholder")
      .Add(5, attribute("dtype", float_type))
      .Add(5, attribute("shape", shape));
  node.Bytes(1, "node").Bytes(2, op).Bytes(3, "x").Add(5, attribute("alpha", Message().Fixed32(4, alpha)));
  identity.Bytes(1, "y").Bytes(2, "Identity").Bytes(3, "node").Add(5, attribute("T", float_type));
  return Message().Add(1, placeholder).Add(1, node).Add(1, identity).bytes();
}

TEST(ConversionTest, TensorFlow) {
  const TemporaryFolder folder;
  std::ofstream(folder / "model.pb", std::ios::binary) << TensorFlowModel("TestLeakyRelu", 0.25f);
  auto core = TestCore();
  auto model = core.compile_model(core.read_model(folder / "model.pb"), "CPU");
  EXPECT_THAT(ValuesOf<float>(OutputsOf(model, {TensorOf<float>({3}, {-4, 0, 2})})[0]), ElementsAre(-1, 0, 2));
}

}  // namespace
}  // namespace lamina::bridge
