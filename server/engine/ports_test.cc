#include "server/engine/ports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "openvino/op/add.hpp"
#include "openvino/op/parameter.hpp"
#include "openvino/op/result.hpp"

namespace lamina::server {
namespace {

using testing::HasSubstr;

/// y = a + b; y is called "sum", too.
std::shared_ptr<ov::Model> Sum() {
  const auto a = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{1});
  const auto b = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{1});
  a->output(0).set_names({"a"});
  b->output(0).set_names({"b"});
  const auto y = std::make_shared<ov::op::v1::Add>(a, b);
  y->set_friendly_name("y");
  y->output(0).set_names({"y", "sum"});
  return std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{a, b});
}

TEST(PortsTest, NamesCanBeExchanged) {
  const auto ports = Ports::Of(*Sum(), {.inputs = {{"a", "b"}, {"b", "a"}}, .outputs = {}});
  ASSERT_TRUE(ports.ok()) << ports.status();
  EXPECT_EQ(ports->inputs()[0].info.name, "b");
  EXPECT_EQ(ports->inputs()[1].info.name, "a");
  EXPECT_EQ(ports->FindInput("a"), 1);
}

TEST(PortsTest, TwoTensorsOfOneNameAreRefused) {
  const auto ports = Ports::Of(*Sum(), {.inputs = {{"a", "b"}}, .outputs = {}});
  EXPECT_THAT(std::string(ports.status().message()), HasSubstr("two inputs are called \"b\""));
}

TEST(PortsTest, WhatColumnsStandForIsKeptUnderTheNamesThatClientsSee) {
  const auto model = Sum();
  model->set_rt_info(std::string(R"(["no","yes"])"), "lamina", "classes.sum");
  model->set_rt_info(std::string(R"(["age"])"), "lamina", "keys.a");
  model->set_rt_info(std::string("[1]"), "lamina", "classes.nobody");
  const auto ports = Ports::Of(*model, {.inputs = {}, .outputs = {{"y", "answer"}}});
  ASSERT_TRUE(ports.ok()) << ports.status();
  EXPECT_THAT(ports->signature()->properties,
              testing::ElementsAre(testing::Pair("lamina.classes.answer", R"(["no","yes"])"),
                                   testing::Pair("lamina.keys.a", R"(["age"])")));
}

TEST(PortsTest, UnknownNamesAreThoseThatNoTensorHas) {
  const auto model = Sum();
  EXPECT_EQ(UnknownNames({}, *model), "");
  EXPECT_EQ(UnknownNames({.inputs = {{"a", "x"}}, .outputs = {{"sum", "z"}}}, *model), "");
  EXPECT_EQ(UnknownNames({.inputs = {{"y", "z"}, {"A", "x"}}, .outputs = {{"a", "x"}}}, *model),
            "mapping_config.json names inputs.A, inputs.y, outputs.a, which the model does not have: its inputs are "
            "{a, b}, its outputs {y}; correct the name, or leave it out");
}

}  // namespace
}  // namespace lamina::server
