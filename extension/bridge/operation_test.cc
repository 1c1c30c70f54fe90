// Operations through the whole of OpenVINO: read from ONNX, computed on the CPU.
#include "extension/bridge/operation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "extension/bridge/testing/runs.h"

namespace lamina::bridge {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using F = OnnxType;

OnnxModel LeakyRelu(const std::vector<int64_t>& dims) {
  return OnnxModel()
      .Input("x", F::kFloat, dims)
      .Node("test", "LeakyRelu", {"x"}, {"y"}, {Float("alpha", 0.5f)})
      .Output("y", F::kFloat, dims);
}

TEST(OperationTest, ComputesWithAnAttribute) {
  auto core = TestCore();
  const auto y = OutputsOf(core, LeakyRelu({3}), {TensorOf<float>({3}, {-1, 0, 2})});
  EXPECT_THAT(ValuesOf<float>(y[0]), ElementsAre(-0.5f, 0, 2));
}

TEST(OperationTest, DynamicShapesChangeFromCallToCall) {
  auto core = TestCore();
  auto model = core.compile_model(Read(core, LeakyRelu({-1, -1})), "CPU");
  for (const size_t rows : {2, 5, 0, 1}) {
    const ov::Shape shape = {rows, 3};
    const auto y = OutputsOf(model, {TensorOf<float>(shape, std::vector<float>(rows * 3, -4))});
    EXPECT_EQ(y[0].get_shape(), shape);
    EXPECT_THAT(ValuesOf<float>(y[0]), ElementsAreArray(std::vector<float>(rows * 3, -2)));
  }
}

TEST(OperationTest, Reshapes) {
  auto core = TestCore();
  const auto model = Read(core, LeakyRelu({2, 3}));
  model->reshape(ov::PartialShape{4, 1});
  EXPECT_EQ(model->output(0).get_partial_shape(), (ov::PartialShape{4, 1}));
  auto compiled = core.compile_model(model, "CPU");
  EXPECT_THAT(ValuesOf<float>(OutputsOf(compiled, {TensorOf<float>({4, 1}, {-2, -4, 6, 8})})[0]),
              ElementsAre(-1, -2, 6, 8));
}

TEST(OperationTest, AbsentInputsInTheMiddleAndAtTheEnd) {
  auto core = TestCore();
  const auto run = [&](const std::vector<std::string>& inputs) {
    OnnxModel model;
    model.Input("x", F::kFloat, {2}).Constant("scale", F::kFloat, {1}, Raw<float>({10}));
    model.Constant("bias", F::kFloat, {1}, Raw<float>({0.5f}));
    model.Node("test", "ScaleBias", inputs, {"y"}).Output("y", F::kFloat, {2});
    return ValuesOf<float>(OutputsOf(core, model, {TensorOf<float>({2}, {1, 2})})[0]);
  };
  EXPECT_THAT(run({"x", "scale", "bias"}), ElementsAre(10.5f, 20.5f));
  EXPECT_THAT(run({"x", "", "bias"}), ElementsAre(1.5f, 2.5f));
  EXPECT_THAT(run({"x", "scale"}), ElementsAre(10, 20));
  EXPECT_THAT(run({"x", "scale", ""}), ElementsAre(10, 20));
  EXPECT_THAT(run({"x"}), ElementsAre(1, 2));
}

TEST(OperationTest, VariadicInputsAndOptionalOutputs) {
  auto core = TestCore();
  for (const bool read : {true, false}) {
    OnnxModel model;
    for (const char* name : {"a", "b", "c"}) model.Input(name, F::kFloat, {2});
    model.Node("test", "Reduce", {"a", "b", "c"}, {"sum", "asked", "least"});
    model.Output("sum", F::kFloat, {2}).Output("asked", F::kInt32, {1});
    if (read) model.Output("least", F::kFloat, {2});
    const auto outputs = OutputsOf(
        core, model, {TensorOf<float>({2}, {1, 9}), TensorOf<float>({2}, {5, 2}), TensorOf<float>({2}, {3, 7})});
    EXPECT_THAT(ValuesOf<float>(outputs[0]), ElementsAre(9, 18));
    EXPECT_THAT(ValuesOf<int32_t>(outputs[1]), ElementsAre(read));
    if (read) {
      EXPECT_THAT(ValuesOf<float>(outputs[2]), ElementsAre(1, 2));
    }
  }
}

TEST(OperationTest, NodeWithFewerOutputsThanTheLayer) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("a", F::kFloat, {2}).Node("test", "Reduce", {"a"}, {"sum"}).Output("sum", F::kFloat, {2});
  EXPECT_THAT(ValuesOf<float>(OutputsOf(core, model, {TensorOf<float>({2}, {1, 9})})[0]), ElementsAre(1, 9));
}

TEST(OperationTest, AnOutputOfKnownShapeBesideOneThatIsOpen) {
  auto core = TestCore();
  for (const std::vector<int64_t>& dims : {std::vector<int64_t>{-1, 3}, {2, 3}}) {
    OnnxModel model;
    model.Input("x", F::kFloat, dims).Node("test", "Found", {"x"}, {"y", "found"});
    model.Output("y", F::kFloat, {-1}).Output("found", F::kInt32, dims);
    const auto outputs = OutputsOf(core, model, {TensorOf<float>({2, 3}, {1, -2, 3, -4, 0, 6})});
    EXPECT_THAT(ValuesOf<float>(outputs[0]), ElementsAre(1, 3, 6));
    EXPECT_EQ(outputs[1].get_shape(), (ov::Shape{2, 3}));
    EXPECT_THAT(ValuesOf<int32_t>(outputs[1]), ElementsAre(1, 0, 1, 0, 0, 1));
  }
}

TEST(OperationTest, ShapesKnownOnlyAfterComputing) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {-1}).Node("test", "Positive", {"x"}, {"p", "n"});
  model.Node("test", "LeakyRelu", {"p"}, {"y"}).Output("y", F::kFloat, {-1}).Output("n", F::kInt32, {1});
  auto compiled = core.compile_model(Read(core, model), "CPU");
  for (const std::vector<float>& x : {std::vector<float>{1, -1, 2}, {-1}, {3, 4, 5, 6}}) {
    const auto outputs = OutputsOf(compiled, {TensorOf<float>({x.size()}, x)});
    std::vector<float> positive;
    std::copy_if(x.begin(), x.end(), std::back_inserter(positive), [](float v) { return v > 0; });
    EXPECT_THAT(ValuesOf<float>(outputs[0]), ElementsAreArray(positive));
    EXPECT_THAT(ValuesOf<int32_t>(outputs[1]), ElementsAre(positive.size()));
  }
}

TEST(OperationTest, Strings) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kString, {-1}).Node("test", "Copy", {"x"}, {"c"}).Node("test", "Words", {"c"}, {"y"});
  model.Output("y", F::kString, {-1});
  auto compiled = core.compile_model(Read(core, model), "CPU");
  const auto y =
      OutputsOf(compiled, {TensorOf<std::string>({2}, {"three short words", " a longer word than what fits inside"})});
  EXPECT_THAT(ValuesOf<std::string>(y[0]),
              ElementsAre("three", "short", "words", "a", "longer", "word", "than", "what", "fits", "inside"));
}

TEST(OperationTest, InferSeesTheValueOfAConstant) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {-1}).Constant("columns", F::kInt64, {1}, Raw<int64_t>({3}));
  model.Node("test", "Rows", {"x", "columns"}, {"y"}).Output("y", F::kFloat, {-1, -1});
  const auto read = Read(core, model);
  EXPECT_EQ(read->output(0).get_partial_shape(), (ov::PartialShape{-1, 3}));
  auto compiled = core.compile_model(read, "CPU");
  EXPECT_EQ(OutputsOf(compiled, {TensorOf<float>({6}, std::vector<float>(6))})[0].get_shape(), (ov::Shape{2, 3}));
}

TEST(OperationTest, StateIsMadeOnceAndSharedByStreamsAndCalls) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {-1}).Node("test", "Count", {"x"}, {"y"}).Output("y", F::kInt32, {3});
  const auto x = TensorOf<float>({1}, {0});
  int32_t first = 0;
  {
    auto compiled = core.compile_model(Read(core, model), "CPU", ov::num_streams(2));
    first = ValuesOf<int32_t>(OutputsOf(compiled, {x})[0])[2];
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) {
          EXPECT_THAT(ValuesOf<int32_t>(OutputsOf(compiled, {x})[0]), ElementsAre(first, 1, first));
        }
      });
    }
  }
  auto compiled = core.compile_model(Read(core, model), "CPU");
  EXPECT_THAT(ValuesOf<int32_t>(OutputsOf(compiled, {x})[0]), ElementsAre(first + 1, 1, first + 1))
      << "the first is gone";
}

TEST(OperationTest, ParallelForCoversAllOnTheStreamsThreads) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {-1}).Node("test", "Parallel", {"x"}, {"y", "seen"});
  model.Output("y", F::kFloat, {-1}).Output("seen", F::kInt32, {2});
  auto compiled = core.compile_model(Read(core, model), "CPU", ov::inference_num_threads(2), ov::num_streams(1));
  for (const size_t size : {0, 1, 15, 16, 17, 31, 32, 33, 100'003}) {
    std::vector<float> x(size);
    std::iota(x.begin(), x.end(), 1.f);
    const auto outputs = OutputsOf(compiled, {TensorOf<float>({size}, x)});
    for (auto& value : x) value *= 2;
    EXPECT_THAT(ValuesOf<float>(outputs[0]), ElementsAreArray(x)) << size;
    const auto seen = ValuesOf<int32_t>(outputs[1]);
    EXPECT_EQ(seen[0], 2);
    EXPECT_EQ(seen[1], size == 0 ? 0 : size < 32 ? 1 : size < 64 ? 2 : 8) << size;
  }
}

TEST(OperationTest, ConstantInputsAreComputedOnce) {
  auto core = TestCore();
  OnnxModel model;
  model.Input("x", F::kFloat, {3}).Constant("c", F::kFloat, {3}, Raw<float>({-2, 0, 2}));
  model.Node("test", "LeakyRelu", {"c"}, {"l"}, {Float("alpha", 0.5f)}).Node("", "Add", {"x", "l"}, {"y"});
  model.Output("y", F::kFloat, {3});
  auto compiled = core.compile_model(Read(core, model), "CPU");
  EXPECT_THAT(ValuesOf<float>(OutputsOf(compiled, {TensorOf<float>({3}, {1, 1, 1})})[0]), ElementsAre(0, 1, 3));
  for (const auto& op : compiled.get_runtime_model()->get_ops()) {
    EXPECT_NE(op->get_rt_info().at("layerType").as<std::string>(), "Reference");
  }
}

}  // namespace
}  // namespace lamina::bridge
