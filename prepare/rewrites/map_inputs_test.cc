#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::HasSubstr;
using T = onnx::Tensor;

TEST(MapInputsTest, DictVectorizerReadsATensorInVocabularyOrder) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).MapInput("features", T::STRING).Output("y");
  SetStrings(model.Node("DictVectorizer", {"features"}, {"y"}, "ai.onnx.ml"), "string_vocabulary", {"b", "a", "c"});
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "Identity");
  const auto& type = model.graph().input(0).type().tensor_type();
  EXPECT_EQ(type.elem_type(), T::FLOAT);
  ASSERT_EQ(type.shape().dim_size(), 2);
  EXPECT_EQ(type.shape().dim(1).dim_value(), 3);
  EXPECT_EQ(Metadata(model.model(), "lamina.keys.features"), R"(["b","a","c"])");
}

TEST(MapInputsTest, ALayerKeepsTheNode) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).MapInput("features", T::STRING).Output("y");
  SetStrings(model.Node("DictVectorizer", {"features"}, {"y"}, "ai.onnx.ml"), "string_vocabulary", {"b", "a", "c"});
  ASSERT_TRUE(model.Prepare({{"ai.onnx.ml", "DictVectorizer"}}).ok());
  EXPECT_EQ(model.Operators(), "ai.onnx.ml.DictVectorizer");
  EXPECT_TRUE(model.graph().input(0).type().has_tensor_type());
}

TEST(MapInputsTest, TwoReadersMustAgree) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).MapInput("features", T::STRING).Output("y").Output("z");
  SetStrings(model.Node("DictVectorizer", {"features"}, {"y"}, "ai.onnx.ml"), "string_vocabulary", {"a", "b"});
  SetStrings(model.Node("DictVectorizer", {"features"}, {"z"}, "ai.onnx.ml"), "string_vocabulary", {"b", "a"});
  EXPECT_THAT(std::string(model.Prepare().status().message()), HasSubstr("it can have only one order"));
}

TEST(MapInputsTest, CastMapCastsTheValues) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).MapInput("map", T::INT64).Output("y", T::INT64);
  onnx::Node& node = model.Node("CastMap", {"map"}, {"y"}, "ai.onnx.ml");
  SetString(node, "cast_to", "TO_INT64");
  SetString(node, "map_form", "SPARSE");
  SetInt(node, "max_map", 5);
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "Cast");
  EXPECT_EQ(IntAttribute(model.graph().node(0), "to", 0), T::INT64);
  EXPECT_EQ(model.graph().input(0).type().tensor_type().shape().dim(1).dim_value(), 5);
}

TEST(MapInputsTest, OtherReadersAreRefused) {
  TestModel model;
  model.MapInput("map", T::INT64).Output("y");
  model.Node("Relu", {"map"}, {"y"});
  EXPECT_THAT(std::string(model.Prepare().status().message()),
              HasSubstr("node 'y' (Relu) reads the map 'map'; only DictVectorizer and CastMap"));
}

TEST(MapInputsTest, ReadersInABranchAreRefused) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).MapInput("probabilities", T::STRING).Output("y");
  SetStrings(model.Node("DictVectorizer", {"probabilities"}, {"y"}, "ai.onnx.ml"), "string_vocabulary", {"b", "a"});
  model.Input("c", T::BOOL, {}).Output("z");
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"z"}), "n");
  *branch.add_node() = MakeNode("SequenceLength", {"probabilities"}, {"n"});
  EXPECT_THAT(std::string(model.Prepare().status().message()),
              HasSubstr("node 'n' (SequenceLength) reads a map in a graph inside node 'z' (If)"));
}

}  // namespace
}  // namespace lamina::prepare
