#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::HasSubstr;
using T = onnx::Tensor;

const std::vector<LayerBinding> kTrees = {{"ai.onnx.ml", "TreeEnsembleClassifier"}};

/// A classifier with ZipMap as skl2onnx writes it; the output's type is a sequence of maps.
TestModel Classifier() {
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x").Output("label", T::INT64, {-1});
  model.Node("TreeEnsembleClassifier", {"x"}, {"label", "scores"}, "ai.onnx.ml");
  model.Node("ZipMap", {"scores"}, {"probabilities"}, "ai.onnx.ml");
  onnx::ValueInfo& output = *model.graph().add_output();
  output.set_name("probabilities");
  output.mutable_type()->mutable_sequence_type()->mutable_elem_type()->mutable_map_type()->set_key_type(T::STRING);
  return model;
}

TEST(ZipMapTest, BecomesTheTensorInClassOrder) {
  TestModel model = Classifier();
  SetStrings(*model.graph().mutable_node(1), "classlabels_strings", {"b", "a \"quoted\"", "c\n"});
  const auto report = model.Prepare(kTrees);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(model.Operators(), "ai.onnx.ml.TreeEnsembleClassifier");
  EXPECT_EQ(model.graph().node(0).output(1), "probabilities");
  const auto& type = model.graph().output(1).type().tensor_type();
  EXPECT_EQ(type.elem_type(), T::FLOAT);
  ASSERT_EQ(type.shape().dim_size(), 2);
  EXPECT_FALSE(type.shape().dim(0).has_dim_value());
  EXPECT_EQ(type.shape().dim(1).dim_value(), 3);
  EXPECT_EQ(Metadata(model.model(), "lamina.classes.probabilities"), R"(["b","a \"quoted\"","c\u000a"])");
  ASSERT_EQ(report->Lines().size(), 2u);
  EXPECT_THAT(report->Lines()[0], HasSubstr("ai.onnx.ml.ZipMap (1 node): gives a tensor [N, C]"));
}

TEST(ZipMapTest, KeepsIntegerKeysAndTheInputsDeclaredType) {
  TestModel model = Classifier();
  onnx::Attribute& keys = *model.graph().mutable_node(1)->add_attribute();
  keys.set_name("classlabels_int64s");
  for (int64_t key : {-7, 1, 1 << 20}) keys.add_ints(key);
  onnx::ValueInfo& scores = *model.graph().add_value_info();
  scores.set_name("scores");
  scores.mutable_type()->mutable_tensor_type()->set_elem_type(T::DOUBLE);
  scores.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_param("N");
  ASSERT_TRUE(model.Prepare(kTrees).ok());
  EXPECT_EQ(Metadata(model.model(), "lamina.classes.probabilities"), "[-7,1,1048576]");
  EXPECT_EQ(model.graph().output(1).type().tensor_type().elem_type(), T::DOUBLE);
  EXPECT_EQ(model.graph().output(1).type().tensor_type().shape().dim(0).dim_param(), "N");
}

TEST(ZipMapTest, FollowsAnIdentityToTheOutput) {
  TestModel model = Classifier();
  SetStrings(*model.graph().mutable_node(1), "classlabels_strings", {"a", "b"});
  *model.graph().mutable_node(1)->mutable_output(0) = "zipped";
  model.Node("Identity", {"zipped"}, {"probabilities"});
  ASSERT_TRUE(model.Prepare(kTrees).ok());
  EXPECT_EQ(Metadata(model.model(), "lamina.classes.probabilities"), R"(["a","b"])");
  EXPECT_TRUE(model.graph().output(1).type().has_tensor_type());
}

TEST(ZipMapTest, ScoresThatAreAnOutputThemselvesAreCopied) {
  TestModel model = Classifier();
  SetStrings(*model.graph().mutable_node(1), "classlabels_strings", {"a", "b"});
  model.Output("scores");
  ASSERT_TRUE(model.Prepare(kTrees).ok());
  EXPECT_EQ(model.Operators(), "ai.onnx.ml.TreeEnsembleClassifier Identity");
}

TEST(ZipMapTest, RefusesANodeThatReadsTheMaps) {
  TestModel model = Classifier();
  SetStrings(*model.graph().mutable_node(1), "classlabels_strings", {"a", "b"});
  model.Node("SequenceLength", {"probabilities"}, {"count"});
  const auto report = model.Prepare(kTrees);
  EXPECT_EQ(report.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(report.status().message()), HasSubstr("node 'count' (SequenceLength) reads the maps"));
}

TEST(ZipMapTest, RefusesOneWithoutKeys) {
  TestModel model = Classifier();
  const auto report = model.Prepare(kTrees);
  EXPECT_THAT(std::string(report.status().message()), HasSubstr("classlabels_strings or classlabels_int64s"));
}

TEST(ZipMapTest, ReadersInABranchAreRefused) {
  TestModel model = Classifier();
  SetStrings(*model.graph().mutable_node(1), "classlabels_strings", {"a", "b"});
  model.Input("c", T::BOOL, {}).Output("z");
  onnx::Graph& branch = TestModel::Branch(model.Node("If", {"c"}, {"z"}), "n");
  *branch.add_node() = MakeNode("SequenceLength", {"probabilities"}, {"n"});
  EXPECT_THAT(std::string(model.Prepare(kTrees).status().message()),
              HasSubstr("node 'n' (SequenceLength) reads the maps that ZipMap makes"));
}

}  // namespace
}  // namespace lamina::prepare
