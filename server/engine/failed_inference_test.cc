// What an inference that fails leaves to those that come after it: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "openvino/op/concat.hpp"
#include "openvino/op/convert.hpp"
#include "openvino/op/multiply.hpp"
#include "openvino/op/parameter.hpp"
#include "openvino/op/reshape.hpp"
#include "server/engine/loaded_model_testing.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;
using testing::Input;
using testing::KeepingSink;

/// y [n, 2]: c [n, 1] * c, and x [n, 1]. Or, `hidden`: how many rows of c there are is to be seen from the values of
/// `rows` only, when the engine runs.
std::shared_ptr<ov::Model> Pairs(bool hidden = false) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 1});
  const auto c = std::make_shared<ov::op::v0::Parameter>(ov::element::i32, ov::PartialShape{-1, 1});
  const auto rows = std::make_shared<ov::op::v0::Parameter>(ov::element::i32, ov::PartialShape{2});
  const auto floats = std::make_shared<ov::op::v0::Convert>(c, ov::element::f32);
  const auto shaped = std::make_shared<ov::op::v1::Reshape>(floats, rows, false);
  const ov::Output<ov::Node> root = hidden ? shaped->output(0) : floats->output(0);
  const auto square = std::make_shared<ov::op::v1::Multiply>(root, root);
  const auto y = std::make_shared<ov::op::v0::Concat>(ov::OutputVector{square, x}, 1);
  x->output(0).set_names({"x"});
  c->output(0).set_names({"c"});
  rows->output(0).set_names({"rows"});
  y->output(0).set_names({"y"});
  ov::ParameterVector inputs{x, c};
  if (hidden) inputs.push_back(rows);
  return std::make_shared<ov::Model>(ov::OutputVector{y}, inputs);
}

class FailedInferenceTest : public testing::LoadedModelTest {
 protected:
  /// Of Pairs: so many rows of x and of c.
  static absl::Status Ask(CompiledModel& model, int64_t rows_of_x, int64_t rows_of_c) {
    const std::vector<int64_t> x_shape{rows_of_x, 1}, c_shape{rows_of_c, 1};
    const std::vector<float> x(static_cast<size_t>(rows_of_x), 5);
    const std::vector<int32_t> c(static_cast<size_t>(rows_of_c), 3);
    const std::vector<int64_t> two{2};
    const std::vector<int32_t> rows{static_cast<int32_t>(rows_of_c), 1};
    const InputTensor inputs[] = {Input("x", ElementType::kF32, x_shape, x), Input("c", ElementType::kI32, c_shape, c),
                                  Input("rows", ElementType::kI32, two, rows)};
    InferRequest request;
    request.inputs = std::span(inputs).first(model.signature()->inputs.size());
    KeepingSink sink;
    absl::Status status = Infer(model, request, sink);
    if (!status.ok()) return status;
    std::vector<float> wanted;
    for (int64_t i = 0; i < rows_of_x; ++i) wanted.insert(wanted.end(), {9, 5});
    return sink.Values<float>("y") == wanted ? status : absl::DataLossError("the values are not those of this request");
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
  for (const ModelConfig& config : {ModelConfig{}, WithStreams()}) {
    const auto model = LoadSaved(Pairs(/*hidden=*/true), config);
    for (const int64_t rows : {kFew, kMany}) {
      for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(Ask(*model, rows, rows), absl::OkStatus());
        EXPECT_FALSE(Ask(*model, rows, rows + 1).ok());
        EXPECT_EQ(Ask(*model, rows, rows), absl::OkStatus());
      }
    }
  }
}

TEST_F(FailedInferenceTest, OthersAtTheSameTimeAreNotTouched) {
  for (const ModelConfig& config : {ModelConfig{}, WithStreams()}) {
    const auto model = LoadSaved(Pairs(/*hidden=*/true), config);
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 6; ++caller) {
      callers.emplace_back([&, caller] {
        for (int i = 0; i < 40; ++i) {
          const int64_t rows = i % 2 == 0 ? kFew : kMany;
          const bool fails = caller == 0;
          wrong += Ask(*model, rows, rows + fails).ok() == fails;
        }
      });
    }
    callers.clear();
    EXPECT_EQ(wrong, 0);
  }
}

}  // namespace
}  // namespace lamina::server
