// What an inference that fails leaves to those that come after it: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "openvino/op/concat.hpp"
#include "openvino/op/convert.hpp"
#include "openvino/op/multiply.hpp"
#include "openvino/op/op.hpp"
#include "openvino/op/parameter.hpp"
#include "openvino/runtime/properties.hpp"
#include "server/engine/lanes.h"
#include "server/engine/loaded_model_testing.h"
#include "server/engine/ov_model.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;
using testing::Input;
using testing::KeepingSink;

/// y [n, 2]: c [n, 1] * c, and x [n, 1].
std::shared_ptr<ov::Model> Pairs() {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 1});
  const auto c = std::make_shared<ov::op::v0::Parameter>(ov::element::i32, ov::PartialShape{-1, 1});
  const auto converted = std::make_shared<ov::op::v0::Convert>(c, ov::element::f32);
  const auto square = std::make_shared<ov::op::v1::Multiply>(converted, converted);
  const auto y = std::make_shared<ov::op::v0::Concat>(ov::OutputVector{square, x}, 1);
  x->output(0).set_names({"x"});
  c->output(0).set_names({"c"});
  y->output(0).set_names({"y"});
  return std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x, c});
}

constexpr float kRefused = 9;

/// y = x, if there is no 9 in it.
class Picky final : public ov::op::Op {
 public:
  OPENVINO_OP("Picky", "lamina_test");

  Picky() = default;
  explicit Picky(const ov::Output<ov::Node>& x) : Op({x}) { constructor_validate_and_infer_types(); }
  void validate_and_infer_types() override {
    set_output_type(0, get_input_element_type(0), get_input_partial_shape(0));
  }
  std::shared_ptr<ov::Node> clone_with_new_inputs(const ov::OutputVector& inputs) const override {
    return std::make_shared<Picky>(inputs.at(0));
  }
  bool has_evaluate() const override { return true; }
  bool evaluate(ov::TensorVector& outputs, const ov::TensorVector& inputs) const override {
    outputs[0].set_shape(inputs[0].get_shape());
    const std::span<const float> x(inputs[0].data<float>(), inputs[0].get_size());
    OPENVINO_ASSERT(std::find(x.begin(), x.end(), kRefused) == x.end(), "there is a 9");
    std::copy(x.begin(), x.end(), outputs[0].data<float>());
    return true;
  }
};

/// y [n, 2]: x [n, 1] * x, twice.
std::shared_ptr<ov::Model> Squares() {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 1});
  const auto picky = std::make_shared<Picky>(x);
  const auto square = std::make_shared<ov::op::v1::Multiply>(picky, picky);
  const auto y = std::make_shared<ov::op::v0::Concat>(ov::OutputVector{square, square}, 1);
  x->output(0).set_names({"x"});
  y->output(0).set_names({"y"});
  return std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x});
}

class FailedInferenceTest : public testing::LoadedModelTest {
 protected:
  /// Of Pairs: so many rows of x and of c.
  static absl::Status Ask(CompiledModel& model, int64_t rows_of_x, int64_t rows_of_c) {
    const std::vector<int64_t> x_shape{rows_of_x, 1}, c_shape{rows_of_c, 1};
    const std::vector<float> x(static_cast<size_t>(rows_of_x), 5);
    const std::vector<int32_t> c(static_cast<size_t>(rows_of_c), 3);
    const InputTensor inputs[] = {Input("x", ElementType::kF32, x_shape, x), Input("c", ElementType::kI32, c_shape, c)};
    InferRequest request;
    request.inputs = inputs;
    KeepingSink sink;
    absl::Status status = Infer(model, request, sink);
    if (!status.ok()) return status;
    std::vector<float> wanted;
    for (int64_t i = 0; i < rows_of_x; ++i) wanted.insert(wanted.end(), {9, 5});
    return sink.Values<float>("y") == wanted ? status : absl::DataLossError("the values are not those of this request");
  }

  /// Of Squares: rows that all have this value.
  static absl::Status AskSquares(CompiledModel& model, int64_t rows, float value) {
    const std::vector<int64_t> shape{rows, 1};
    const std::vector<float> x(static_cast<size_t>(rows), value);
    KeepingSink sink;
    absl::Status status = Infer(model, Input("x", ElementType::kF32, shape, x), sink);
    if (!status.ok()) return status;
    return sink.Values<float>("y") == std::vector<float>(static_cast<size_t>(2 * rows), value * value)
               ? status
               : absl::DataLossError("the values are not those of this request");
  }

  std::unique_ptr<OvModel> LoadSquares(bool with_lanes) {
    const std::shared_ptr<ov::Model> model = Squares();
    ov::Core core;
    ov::AnyMap properties{ov::num_streams(2)};
    OvModel::Parts parts{
        "model 'm'", "test", *Ports::Of(*model, {}), core, core.compile_model(model, "CPU", properties), {}};
    parts.config.name = "m";
    if (with_lanes) parts.lanes = *CompileLanes(core, model, parts.config, {}, 2);
    parts.open = true;
    parts.model = model;
    parts.properties = properties;
    return std::make_unique<OvModel>(std::move(parts), SlotPool::Options{.slots = 4}, timer_);
  }

  static ModelConfig WithStreams() {
    ModelConfig config;
    config.plugin_config["NUM_STREAMS"] = "2";
    return config;
  }
};

constexpr int64_t kFew = 2, kMany = 20'000;  // on this thread, and on the engine's

TEST_F(FailedInferenceTest, ShapesThatDoNotFitTogetherAreToldAndForgotten) {
  for (const ModelConfig& config : {ModelConfig{}, WithStreams()}) {
    const auto model = LoadSaved(Pairs(), config);
    for (const int64_t rows : {kFew, kMany}) {
      for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(Ask(*model, rows, rows), absl::OkStatus());
        const absl::Status refused = Ask(*model, rows, rows + 1);
        EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << refused;
        EXPECT_THAT(std::string(refused.message()), HasSubstr("the shapes of its inputs do not fit together"));
        EXPECT_EQ(Ask(*model, rows, rows), absl::OkStatus());
      }
    }
  }
}

TEST_F(FailedInferenceTest, WhatOnlyTheInferenceShowsIsForgottenToo) {
  for (const bool with_lanes : {true, false}) {
    const auto model = LoadSquares(with_lanes);
    for (const int64_t rows : {kFew, kMany}) {
      for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(AskSquares(*model, rows, 3), absl::OkStatus());
        EXPECT_THAT(std::string(AskSquares(*model, rows + 1, kRefused).message()), HasSubstr("there is a 9"));
        EXPECT_EQ(AskSquares(*model, rows, 4), absl::OkStatus());
      }
    }
  }
}

TEST_F(FailedInferenceTest, OthersAtTheSameTimeAreNotTouched) {
  for (const bool with_lanes : {true, false}) {
    const auto model = LoadSquares(with_lanes);
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 6; ++caller) {
      callers.emplace_back([&, caller] {
        for (int i = 0; i < 40; ++i) {
          const int64_t rows = (i % 2 == 0 ? kFew : kMany) + caller;
          const bool refused = caller == 0;
          wrong += AskSquares(*model, rows, refused ? kRefused : 3).ok() == refused;
        }
      });
    }
    callers.clear();
    EXPECT_EQ(wrong, 0);
  }
}

}  // namespace
}  // namespace lamina::server
