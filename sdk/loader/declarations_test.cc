#include "sdk/loader/declarations.h"

#include <gtest/gtest.h>

#include <vector>

namespace lamina::loader {
namespace {

LayerInfo Layer(const std::string& name, std::vector<Binding> bindings = {}) {
  LayerInfo layer;
  layer.name = name;
  layer.bindings = std::move(bindings);
  layer.inputs = {{.name = "x"}, {.name = "y"}};
  layer.outputs = {{.name = "x"}};
  layer.attributes = {{.name = "x"}, {.name = "axis"}};
  return layer;
}

Binding Of(const std::string& operator_name, uint32_t since = 0, uint32_t until = 0) {
  return {"onnx", "my", operator_name, since, until};
}

TEST(Declarations, WhatMakesSense) {
  EXPECT_EQ(CheckDeclarations({}), "");
  EXPECT_EQ(CheckDeclarations(std::vector{Layer("A", {Of("Op", 0, 8), Of("Op"), Of("Old", 3, 3)}), Layer("B")}), "");
  EXPECT_EQ(CheckDeclarations(std::vector{Layer("A", {Of("Op", 0, 8)}), Layer("B", {Of("Op", 9)})}), "");
  EXPECT_EQ(CheckDeclarations(std::vector{Layer("A", {Of("Op", 1)}), Layer("B", {Of("Op", 3)})}), "")
      << "from 3 on it is B";
}

TEST(Declarations, TwoOfOneName) {
  EXPECT_EQ(CheckDeclarations(std::vector{Layer("A"), Layer("B"), Layer("A")}),
            "two layers are called 'A'; give one another name");
  LayerInfo layer = Layer("A");
  layer.attributes.push_back({.name = "axis"});
  EXPECT_EQ(CheckDeclarations({&layer, 1}), "the layer 'A' declares the attribute 'axis' twice; declare it once");
  layer.outputs.push_back({.name = "x"});
  EXPECT_EQ(CheckDeclarations({&layer, 1}), "the layer 'A' declares the output 'x' twice; declare it once");
  layer.inputs.push_back({.name = "y"});
  EXPECT_EQ(CheckDeclarations({&layer, 1}), "the layer 'A' declares the input 'y' twice; declare it once");
}

TEST(Declarations, NoVersion) {
  EXPECT_EQ(CheckDeclarations(std::vector{Layer("A", {Of("Op", 9, 8)})}),
            "the layer 'A' is for onnx my.Op since version 9 until version 8, which is no version; exchange them");
}

TEST(Declarations, TwoForOneOperator) {
  const std::string both =
      "the layers 'A' and 'B' are both for onnx my.Op since the same version; say since which version each is";
  EXPECT_EQ(CheckDeclarations(std::vector{Layer("A", {Of("Op")}), Layer("B", {Of("Op")})}), both);
  EXPECT_EQ(CheckDeclarations(std::vector{Layer("A", {Of("Op", 3, 9)}), Layer("B", {Of("Op", 3)})}), both);
}

}  // namespace
}  // namespace lamina::loader
