#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

using testing::ElementsAre;
using T = onnx::Tensor;

std::vector<std::string> OutputNames(TestModel& model) {
  std::vector<std::string> names;
  for (const onnx::ValueInfo& output : model.graph().output()) names.push_back(output.name());
  return names;
}

/// Two tensors as a sequence, between two outputs that are tensors.
TestModel TwoTensors() {
  TestModel model;
  model.Input("x").Output("before").Output("scores").Output("after");
  model.graph().mutable_output(1)->mutable_type()->mutable_sequence_type();
  model.Node("Relu", {"x"}, {"before"});
  model.Node("Abs", {"x"}, {"a"});
  SetInt(model.Node("Cast", {"x"}, {"b"}), "to", T::INT32);
  model.Node("SequenceConstruct", {"a", "b"}, {"scores"});
  model.Node("Neg", {"x"}, {"after"});
  return model;
}

TEST(SequenceOutputsTest, TheTensorsAreOutputsInTheSequencesPlace) {
  TestModel model = TwoTensors();
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(model.Operators(), "Relu Abs Cast Neg");
  EXPECT_THAT(OutputNames(model), ElementsAre("before", "scores_0", "scores_1", "after"));
  EXPECT_EQ(model.graph().node(1).output(0), "scores_0");
  EXPECT_EQ(model.graph().output(1).type().tensor_type().elem_type(), T::FLOAT);
  EXPECT_EQ(model.graph().output(2).type().tensor_type().elem_type(), T::INT32);
  EXPECT_EQ(report->changes.size(), 1u);
}

TEST(SequenceOutputsTest, ATensorThatIsAnOutputAlreadyIsCopied) {
  TestModel model = TwoTensors();
  model.Output("a");
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_THAT(OutputNames(model), ElementsAre("before", "scores_0", "scores_1", "after", "a"));
  EXPECT_EQ(model.Operators(), "Relu Abs Cast Neg Identity");
}

TEST(SequenceOutputsTest, ATensorThatIsThereTwice) {
  TestModel model = TwoTensors();
  model.graph().mutable_node(3)->set_input(1, "a");
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_THAT(OutputNames(model), ElementsAre("before", "scores_0", "scores_1", "after"));
  EXPECT_EQ(model.Operators(), "Relu Abs Cast Neg Identity");
}

TEST(SequenceOutputsTest, AnIdentitysOutputIsItsTensorsToo) {
  TestModel model = TwoTensors();
  model.Node("Identity", {"scores"}, {"same"});
  model.Node("Identity", {"same"}, {"again"});
  model.graph().add_output()->set_name("again");
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_THAT(OutputNames(model), ElementsAre("before", "scores_0", "scores_1", "after", "again_0", "again_1"));
  EXPECT_EQ(model.Operators(), "Relu Abs Cast Neg Identity Identity");
}

TEST(SequenceOutputsTest, MoreTensorsThanAnyModelHasAreRefused) {
  TestModel model = TwoTensors();
  onnx::Node& sequence = *model.graph().mutable_node(3);
  while (sequence.input_size() < 1001) sequence.add_input("a");
  for (int i = 1; i < 100; ++i) model.graph().add_output()->set_name("scores");
  EXPECT_THAT(std::string(model.Prepare().status().message()),
              testing::HasSubstr("have 100100 tensors, each of which becomes an output"));
}

TEST(SequenceOutputsTest, OneThatIsReadInsideStays) {
  TestModel model = TwoTensors();
  model.Node("SequenceLength", {"scores"}, {"count"});
  model.Output("count", T::INT64, {});
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "Relu Abs Cast SequenceConstruct Neg SequenceLength");
  EXPECT_THAT(OutputNames(model), ElementsAre("before", "scores_0", "scores_1", "after", "count"));
}

TEST(SequenceOutputsTest, OneThatABranchGivesStays) {
  TestModel model = TwoTensors();
  model.Input("c", T::BOOL, {}).Output("y");
  TestModel::Branch(model.Node("If", {"c"}, {"y"}), "scores");
  ASSERT_TRUE(model.Prepare().ok());
  EXPECT_EQ(model.Operators(), "Relu Abs Cast SequenceConstruct Neg If");
}

}  // namespace
}  // namespace lamina::prepare
