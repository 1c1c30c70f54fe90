// What goes wrong is said with layer, node and reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "extension/bridge/testing/runs.h"

namespace lamina::bridge {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using F = OnnxType;

std::string FailureOf(const std::vector<OnnxAttribute>& attributes) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {1}).Node("test", "Fail", {"x"}, {"y"}, attributes).Output("y", F::kFloat, {1});
  return ErrorOf(core, model, {TensorOf<float>({1}, {0})});
}

TEST(FailureTest, InEveryCallback) {
  for (const std::string where : {"create", "infer", "compute"}) {
    EXPECT_THAT(FailureOf({String("where", where)}), HasSubstr("layer 'Fail', node 'n0': no luck in " + where));
  }
}

TEST(FailureTest, WhateverIsThrown) {
  EXPECT_THAT(FailureOf({String("where", "compute"), String("how", "std")}),
              HasSubstr("layer 'Fail', node 'n0': a std::exception in compute"));
  EXPECT_THAT(FailureOf({String("where", "compute"), String("how", "bare")}),
              HasSubstr("layer 'Fail', node 'n0': the layer threw something that is not a std::exception"));
}

TEST(FailureTest, ALongMessageIsCut) {
  const std::string error = FailureOf({String("where", "compute"), String("how", "long")}), most(4096, 'x');
  EXPECT_THAT(error, HasSubstr(most));
  EXPECT_THAT(error, HasSubstr("x... (5000 bytes)"));
  EXPECT_LT(error.size(), 5000u);
}

TEST(FailureTest, AnOutputThatIsNotGivenItsShape) {
  for (const auto& [what, error] : {std::pair("hasty", "output 0 is written before Resize gave it its shape"),
                                    std::pair("forgetful", "output 0 was given no shape"),
                                    std::pair("deep", "output 0: compute gives it the shape [1,1], infer said [?]"),
                                    std::pair("other", "output 1: compute gives it the shape [7], infer said [2]")}) {
    auto core = TestCore();
    OnnxModel model;
    model.Input("x", F::kFloat, {2}).Node("test", "Found", {"x"}, {"y", "found"}, {Int(what, 1)});
    model.Output("y", F::kFloat, {-1}).Output("found", F::kInt32, {2});
    EXPECT_THAT(ErrorOf(core, model, {TensorOf<float>({2}, {0, 1})}),
                HasSubstr(std::string("layer 'Found', node 'n0': ") + error));
  }
}

TEST(FailureTest, AnOutputThatInferForgetsOrGetsWrong) {
  EXPECT_THAT(FailureOf({String("where", "nothing")}),
              HasSubstr("layer 'Fail', node 'n0': infer did not say type and shape of output 0"));
  EXPECT_THAT(FailureOf({String("where", "type")}), HasSubstr("infer gave output 'y' the type i32, its port says f32"));
}

TEST(FailureTest, MissingOrWrongAttribute) {
  EXPECT_THAT(FailureOf({}), HasSubstr("layer 'Fail', node 'n0': attribute 'where' is missing"));
  EXPECT_THAT(FailureOf({Int("where", 1)}), HasSubstr("attribute 'where' is of kind int, expected string"));
}

TEST(FailureTest, WrongInputs) {
  auto core = TestCore();
  const auto error = [&](const std::vector<std::string>& inputs) {
    OnnxModel model;
    model.Input("x", F::kFloat, {1}).Input("i", F::kInt32, {1});
    model.Node("test", "ScaleBias", inputs, {"y"}).Output("y", F::kFloat, {1});
    return ErrorOf(core, model, {});
  };
  EXPECT_THAT(error({"i"}), HasSubstr("layer 'ScaleBias', node 'n0': input 0 'x' is i32, expected f32"));
  EXPECT_THAT(error({"", "x"}), HasSubstr("layer 'ScaleBias', node 'n0': input 0 'x' is missing"));
  EXPECT_THAT(error({"x", "x", "x", "x"}),
              HasSubstr("layer 'ScaleBias', node 'n0': it has 4 inputs, expected at most 3"));
}

TEST(FailureTest, TooManyOutputs) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {1}).Node("test", "LeakyRelu", {"x"}, {"y"}, {Int("lamina_output_count", 2)});
  model.Output("y", F::kFloat, {1});
  EXPECT_THAT(ErrorOf(core, model, {}), HasSubstr("it has 2 outputs, expected at most 1"));
}

TEST(FailureTest, AnyNumberOfOutputsHasAnEnd) {
  auto core = TestCore();
  const auto error = [&](int64_t outputs) {
    OnnxModel model;
    model.Input("x", F::kFloat, {1}).Node("test", "Copies", {"x"}, {"y"}, {Int("lamina_output_count", outputs)});
    return ErrorOf(core, model.Output("y", F::kFloat, {1}), {TensorOf<float>({1}, {1})});
  };
  EXPECT_EQ(error(3), "");
  EXPECT_THAT(error(1 << 30), HasSubstr("it has 1073741824 outputs, expected at most 65536"));
}

TEST(FailureTest, OneFailedRequestDoesNotHarmTheNext) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {-1}).Constant("columns", F::kInt64, {1}, Raw<int64_t>({3}));
  model.Node("test", "Words", {"s"}, {"w"}).Input("s", F::kString, {-1}).Output("w", F::kString, {-1});
  model.Node("test", "LeakyRelu", {"x"}, {"y"}).Output("y", F::kFloat, {-1});
  auto compiled = core.compile_model(Read(core, model), "CPU");
  EXPECT_ANY_THROW(OutputsOf(compiled, {TensorOf<int32_t>({1}, {0})}));
  EXPECT_EQ(OutputsOf(compiled, {TensorOf<float>({1}, {1}), TensorOf<std::string>({1}, {"a b"})})[0].get_size(), 2);
}

}  // namespace
}  // namespace lamina::bridge
