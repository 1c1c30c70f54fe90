#include "server/engine/load_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "openvino/op/constant.hpp"
#include "openvino/op/gather.hpp"
#include "openvino/op/parameter.hpp"
#include "server/engine/loaded_model_testing.h"

namespace lamina::server {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Input;
using testing::KeepingSink;
using ::testing::StartsWith;
using Floats = std::vector<float>;
using Shape = std::vector<int64_t>;
using LoadModelTest = testing::LoadedModelTest;

TEST_F(LoadModelTest, NamesCanBeMapped) {
  folder_.Write("mapping_config.json", R"({"inputs": {"x": "pixels"}, "outputs": {"y": "scores"}})");
  const auto model = LoadSaved(testing::Times(2, {1}));
  ASSERT_TRUE(model);
  EXPECT_EQ(model->signature()->inputs[0].name, "pixels");
  EXPECT_EQ(model->signature()->outputs[0].name, "scores");
  const Shape shape{1};
  const Floats x{1};
  KeepingSink sink;
  EXPECT_TRUE(Infer(*model, Input("pixels", ElementType::kF32, shape, x), sink).ok());
  EXPECT_THAT(sink.Values<float>("scores"), ElementsAre(2));
}

TEST_F(LoadModelTest, AMappedTensorThatThereIsNotIsWarnedOf) {
  folder_.Write("mapping_config.json", R"({"inputs": {"X": "pixels"}, "outputs": {"y": "scores", "x": "z"}})");
  ::testing::internal::CaptureStdout();
  const auto model = LoadSaved(testing::Times(2, {1}));
  const std::string log = ::testing::internal::GetCapturedStdout();
  ASSERT_TRUE(model);
  EXPECT_EQ(model->signature()->inputs[0].name, "x");
  EXPECT_EQ(model->signature()->outputs[0].name, "scores");
  EXPECT_THAT(log, HasSubstr("model 'm' version 1: mapping_config.json names inputs.X, outputs.x, which the model does "
                             "not have: its inputs are {x}, its outputs {y}; correct the name, or leave it out"));
}

TEST_F(LoadModelTest, TakesShapesAndBatchFromTheConfiguration) {
  const auto shape_of = [&](ModelConfig config) {
    const auto model = LoadSaved(testing::Times(2, {1, 3}), std::move(config));
    return model ? model->signature()->inputs[0].shape : Shape{};
  };
  ModelConfig config;
  config.batch_size = DimensionRange{8, 8};
  EXPECT_THAT(shape_of(config), ElementsAre(8, 3));
  config.batch_size = DimensionRange{};
  EXPECT_THAT(shape_of(config), ElementsAre(-1, 3));
  config.shapes[ModelConfig::kEveryInput] = {.automatic = true};
  EXPECT_THAT(shape_of(config), ElementsAre(-1, -1));
  config.shapes["x"] = {.dims = {{4, 4}, {5, 5}}};
  EXPECT_THAT(shape_of(config), ElementsAre(4, 5));
}

TEST_F(LoadModelTest, LayoutsLetRequestsBringAnotherOne) {
  ModelConfig config;
  config.layouts["x"] = "NHWC:NCHW";
  const auto model = LoadSaved(testing::Times(2, {1, 3, 4, 5}), config);
  ASSERT_TRUE(model);
  EXPECT_THAT(model->signature()->inputs[0].shape, ElementsAre(1, 4, 5, 3));
  EXPECT_THAT(model->signature()->outputs[0].shape, ElementsAre(1, 3, 4, 5));
}

TEST_F(LoadModelTest, NamesTheDevicesPropertyThatWasMeant) {
  testing::Save(testing::Times(2, {1, 3}), folder_.path());
  for (const char* name : {"NUM_STREAM", "num_streams"}) {
    EXPECT_EQ(Load({.plugin_config = {{name, "2"}}}).status().message(),
              "model 'm' version 1 cannot be loaded: plugin_config: the device CPU has no property '" +
                  std::string(name) + "'; did you mean 'NUM_STREAMS'?");
  }
  EXPECT_THAT(std::string(Load({.plugin_config = {{"GOLDFISH", "2"}}}).status().message()),
              AllOf(HasSubstr("no property 'GOLDFISH'; known are: "), HasSubstr("NUM_STREAMS")));
  EXPECT_THAT(std::string(Load({.plugin_config = {{"NUM_STREAMS", "many"}}}).status().message()),
              HasSubstr("cannot compile it"));
}

TEST_F(LoadModelTest, NamesTheDeviceThatIsNotAvailableAndThoseThatAre) {
  testing::Save(testing::Times(2, {1, 3}), folder_.path());
  // Of a kind that the engine knows, and of none.
  for (const char* missing : {"GPU.77", "NOSUCH"}) {
    for (const std::string& device : {absl::StrCat(missing), absl::StrCat("HETERO:", missing, ",CPU"),
                                      absl::StrCat("BATCH:", missing, "(4)"), absl::StrCat("AUTO:", missing)}) {
      EXPECT_THAT(std::string(Load({.target_device = device}).status().message()),
                  AllOf(StartsWith(absl::StrCat("model 'm' version 1 cannot be loaded: target_device: the device ",
                                                missing, " is not available here; there are: CPU")),
                        HasSubstr(". Name one of these, or install the driver that ")))
          << device;
    }
  }
  EXPECT_THAT(std::string(Load({.target_device = "BATCH:CPU(none)"}).status().message()),
              HasSubstr("cannot compile it"));
  EXPECT_TRUE(Load({.target_device = "HETERO:CPU"}).ok());
}

TEST_F(LoadModelTest, LeavesTheThreadItsSignalStack) {
  stack_t before{}, after{};
  sigaltstack(nullptr, &before);
  const auto model = LoadSaved(testing::Times(2, {1}));
  ASSERT_TRUE(model);
  sigaltstack(nullptr, &after);
  EXPECT_EQ(after.ss_sp, before.ss_sp);
  EXPECT_EQ(after.ss_flags, before.ss_flags);
}

TEST_F(LoadModelTest, AGatherWithoutElementsIsRefused) {
  const auto table = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{3, 2});
  const auto rows = std::make_shared<ov::op::v0::Parameter>(ov::element::i32, ov::PartialShape{0});
  rows->output(0).set_names({"rows"});
  const auto axis = ov::op::v0::Constant::create(ov::element::i32, {}, {0});
  const auto gather = std::make_shared<ov::op::v8::Gather>(table, rows, axis);
  gather->set_friendly_name("pick");
  testing::Save(std::make_shared<ov::Model>(ov::OutputVector{gather}, ov::ParameterVector{table, rows}),
                folder_.path());
  EXPECT_THAT(std::string(Load().status().message()),
              HasSubstr("Gather 'pick' has an input of shape [0], without elements, which ends the engine's process"));
  ModelConfig config;
  config.shapes["rows"] = {.automatic = true};
  EXPECT_TRUE(Load(config).ok());
}

TEST_F(LoadModelTest, SaysWhyAModelCannotBeLoaded) {
  const auto message = [&](ModelConfig config = {}) { return std::string(Load(std::move(config)).status().message()); };
  EXPECT_THAT(message(), StartsWith("model 'm' version 1 cannot be loaded: no model in the folder"));
  folder_.Write("model.xml", R"(<net name="m" version="11"><layers/><edges/></net>)");
  EXPECT_THAT(message(), HasSubstr("no output"));
  std::filesystem::remove(folder_.path() / "model.xml");
  folder_.Write("model.onnx", "this is no model");
  EXPECT_THAT(message(), HasSubstr("model.onnx"));
  std::filesystem::remove(folder_.path() / "model.onnx");
  testing::Save(testing::Times(2, {1, 3}), folder_.path());
  ModelConfig wrong_input, wrong_property, wrong_device;
  wrong_input.shapes["z"] = {.automatic = true};
  EXPECT_THAT(message(wrong_input), HasSubstr(R"(names the input "z", but the model's are {x})"));
  wrong_property.plugin_config["NO_SUCH_PROPERTY"] = "1";
  EXPECT_THAT(message(wrong_property), HasSubstr("NO_SUCH_PROPERTY"));
  wrong_device.target_device = "NOSUCH";
  EXPECT_THAT(message(wrong_device), HasSubstr("NOSUCH"));
}

}  // namespace
}  // namespace lamina::server
