#include "sdk/loader/declarations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::loader {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

LayerInfo Named(const std::string& name) {
  LayerInfo layer;
  layer.name = name;
  return layer;
}

LayerInfo For(const std::string& name, std::vector<Binding> bindings) {
  LayerInfo layer = Named(name);
  layer.bindings = std::move(bindings);
  return layer;
}

TEST(CheckDeclarations, TakesWhatIsClear) {
  LayerInfo add = For("Add", {{"onnx", "my", "Add"}, {"onnx", "", "Add"}, {"tensorflow", "", "Add"}});
  add.inputs = {{"x"}, {"w"}};
  add.outputs = {{"x"}, {"y"}};  // an output may have an input's name
  add.attributes = {{"x"}, {"alpha"}};
  EXPECT_EQ("", CheckDeclarations({add, Named("Sub")}));
  EXPECT_EQ("", CheckDeclarations({For("New", {{"onnx", "", "Mod", 10, 0}}), For("Old", {{"onnx", "", "Mod", 0, 9}})}));
  EXPECT_EQ("", CheckDeclarations({For("Floats", {{"onnx", "", "Mod"}}), For("Others", {{"onnx", "", "Mod"}})}))
      << "the first that accepts a node takes it";
  EXPECT_EQ("", CheckDeclarations({For("One", {{"onnx", "", "Mod", 3, 3}})}));
}

TEST(CheckDeclarations, TwoLayersOfOneName) {
  EXPECT_EQ("two layers are named 'Add'; give one of them another name, .Name(...)",
            CheckDeclarations({Named("Add"), Named("Sub"), Named("Add")}));
}

TEST(CheckDeclarations, NamesThatALayerDeclaresTwice) {
  LayerInfo inputs = Named("Add"), outputs = inputs, attributes = inputs;
  inputs.inputs = {{"x"}, {"w"}, {"x"}};
  outputs.outputs = {{"y"}, {"y"}};
  attributes.attributes = {{"alpha"}, {"alpha"}};
  EXPECT_EQ("the layer 'Add' declares the input 'x' twice; each needs a name of its own", CheckDeclarations({inputs}));
  EXPECT_THAT(CheckDeclarations({Named("Sub"), outputs}), StartsWith("the layer 'Add' declares the output 'y' twice"));
  EXPECT_THAT(CheckDeclarations({attributes}), HasSubstr("the attribute 'alpha' twice"));
}

TEST(CheckDeclarations, VersionsThatEndBeforeTheyBegin) {
  EXPECT_EQ(
      "the layer 'Mod' is for onnx my.domain Mod since 5 until 3, which ends before it begins; 'until' is the last "
      "version and at least 'since', or 0 for no end",
      CheckDeclarations({For("Mod", {{"onnx", "my.domain", "Mod", 5, 3}})}));
}

}  // namespace
}  // namespace lamina::loader
