#include "server/engine/row_wise.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "openvino/op/ops.hpp"
#include "server/engine/testdata/careful.h"

namespace lamina::server {
namespace {

namespace op = ov::op;
using Node = ov::Output<ov::Node>;
using std::make_shared;

Node Constant(const ov::Shape& shape) { return op::v0::Constant::create(ov::element::f32, shape, {1}); }

/// Of a model with the input x [?,3], and the output that `build` makes of it.
bool IsRowWise(const std::function<Node(Node x)>& build) {
  const auto x = make_shared<op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 3});
  return server::IsRowWise(ov::Model(ov::OutputVector{build(x)}, {x}));
}

TEST(RowWise, ElementsByThemselvesAreSo) {
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v0::Relu>(x); }));
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v0::Convert>(x, ov::element::f16); }));
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v1::Add>(x, make_shared<op::v0::Tanh>(x)); }));
  EXPECT_TRUE(IsRowWise([](Node x) {
    return make_shared<op::v1::Select>(make_shared<op::v1::Greater>(x, Constant({})), x, Constant({1, 3}));
  }));
}

TEST(RowWise, AConstantMustNotMeetTheRows) {
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v1::Multiply>(x, Constant({3})); }));
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v1::Multiply>(Constant({1, 3}), x); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v1::Multiply>(x, Constant({2, 3})); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v1::Multiply>(x, Constant({4, 1, 1})); }));
}

TEST(RowWise, ProductsWithWeightsAreSo) {
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v0::MatMul>(x, Constant({3, 2})); }));
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v0::MatMul>(x, Constant({2, 3}), false, true); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v0::MatMul>(x, x, false, true); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v0::MatMul>(x, Constant({5, 3, 2})); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v0::MatMul>(x, x, true, false); }));
}

TEST(RowWise, SoftmaxAndConcatOfARowAreSo) {
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v8::Softmax>(x, -1); }));
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v1::Softmax>(x, 1); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v8::Softmax>(x, -2); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v1::Softmax>(x, 0); }));
  EXPECT_TRUE(IsRowWise([](Node x) { return make_shared<op::v0::Concat>(ov::OutputVector{x, x}, 1); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v0::Concat>(ov::OutputVector{x, x}, 0); }));
}

TEST(RowWise, WhatIsNotKnownIsNot) {
  const Node axis = op::v0::Constant::create(ov::element::i64, {1}, {0})->output(0);
  EXPECT_FALSE(IsRowWise([&](Node x) { return make_shared<op::v1::ReduceSum>(x, axis); }));
  EXPECT_FALSE(IsRowWise([&](Node x) { return make_shared<op::v0::CumSum>(x, axis); }));
  EXPECT_FALSE(IsRowWise([](Node x) { return make_shared<op::v3::ShapeOf>(x); }));
  EXPECT_FALSE(
      IsRowWise([&](Node x) { return make_shared<op::v1::Add>(x, make_shared<op::v1::ReduceMax>(x, axis, true)); }));
}

TEST(RowWise, AnOutputOfConstantsHasNoRows) {
  EXPECT_FALSE(IsRowWise([](Node) { return Constant({1, 3}); }));
  EXPECT_FALSE(IsRowWise([](Node) { return make_shared<op::v0::Relu>(Constant({1, 3})); }));
}

TEST(RowWise, LayersSaySoThemselves) {
  const auto layer = [&](Node x, int64_t rank) { return make_shared<testing::Careful>(x, rank); };
  EXPECT_TRUE(IsRowWise([&](Node x) { return layer(x, 2); }));
  EXPECT_FALSE(IsRowWise([&](Node x) { return layer(x, 0); }));
}

// The labels of a classifier are a vector.
TEST(RowWise, AVectorMayBeOneOfRows) {
  const auto x = make_shared<op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1});
  const auto is = [&](int64_t rank) {
    return server::IsRowWise(ov::Model(ov::OutputVector{make_shared<testing::Careful>(x, rank)}, {x}));
  };
  EXPECT_TRUE(is(1));
  EXPECT_FALSE(is(2));
}

}  // namespace
}  // namespace lamina::server
