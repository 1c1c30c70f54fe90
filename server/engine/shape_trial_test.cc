#include "server/engine/shape_trial.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "openvino/op/constant.hpp"
#include "openvino/op/matmul.hpp"
#include "openvino/op/parameter.hpp"

namespace lamina::server {
namespace {

/// y = x [n, m] W [columns, 2].
std::shared_ptr<ov::Model> Product(size_t columns) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, -1});
  const auto w = ov::op::v0::Constant::create(ov::element::f32, {columns, 2}, std::vector<float>(2 * columns, 1));
  const auto y = std::make_shared<ov::op::v0::MatMul>(x, w);
  return std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x});
}

absl::StatusCode Code(ShapeTrial& trial, const std::vector<int64_t>& shape) {
  const InputTensor input{.name = "x", .type = ElementType::kF32, .shape = shape};
  InferCall call;
  call.inputs.assign(1, &input);  // GCC warns wrongly of push_back where sanitizers are
  return trial.Check(call).code();
}

TEST(ShapeTrialTest, TakesWhatFitsAndRefusesTheRest) {
  ShapeTrial trial("model 'm'", Product(1));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Code(trial, {2, 4}), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(Code(trial, {2, 1}), absl::StatusCode::kOk);
    EXPECT_EQ(Code(trial, {5, 1}), absl::StatusCode::kOk);
  }
}

TEST(ShapeTrialTest, DoesNotJudgeBeforeItHasTakenAny) {
  ShapeTrial trial("model 'm'", Product(3));  // which does not take ones
  EXPECT_EQ(Code(trial, {2, 4}), absl::StatusCode::kUnknown);
  EXPECT_EQ(Code(trial, {2, 3}), absl::StatusCode::kOk);
  EXPECT_EQ(Code(trial, {2, 4}), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lamina::server
