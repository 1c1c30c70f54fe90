// ReadModel against the engine itself, with models that need no layer.
#include "prepare/read_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "openvino/op/constant.hpp"
#include "openvino/op/util/multi_subgraph_base.hpp"
#include "openvino/openvino.hpp"
#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using T = onnx::Tensor;

class ReadModelTest : public testing::Test {
 protected:
  ReadModelTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ReadModelTest() override { fs::remove_all(folder_); }

  fs::path Write(const std::string& name, std::string_view bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  /// The model's first output for one row.
  std::vector<float> Run(const std::shared_ptr<ov::Model>& model, std::vector<float> row) {
    ov::CompiledModel compiled = core_.compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32));
    ov::InferRequest request = compiled.create_infer_request();
    request.set_input_tensor(ov::Tensor(ov::element::f32, {1, row.size()}, row.data()));
    request.infer();
    const ov::Tensor output = request.get_output_tensor(0);
    return {output.data<const float>(), output.data<const float>() + output.get_size()};
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  ov::Core core_;
};

/// Normalizer MAX, which is rewritten, times weights in a file of their own if `external`.
TestModel NormalizerTimesWeights(bool external) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x").Output("y");
  SetString(model.Node("Normalizer", {"x"}, {"n"}, "ai.onnx.ml"), "norm", "MAX");
  model.Node("Mul", {"n", "w"}, {"y"});
  onnx::Tensor& weights = *model.graph().add_initializer();
  weights.set_name("w");
  weights.set_data_type(T::FLOAT);
  weights.add_dims(3);
  if (external) {
    weights.set_data_location(T::EXTERNAL);
    for (const auto& [key, value] : {std::pair("location", "w.bin"), {"offset", "4"}, {"length", "12"}}) {
      onnx::StringStringEntry& entry = *weights.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
  } else {
    for (const float weight : {10.f, 100.f, 1000.f}) weights.add_float_data(weight);
  }
  return model;
}

TEST_F(ReadModelTest, RewritesOnTheWay) {
  const auto read = ReadModel(core_, Write("m.onnx", NormalizerTimesWeights(false).Bytes()), {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->report.changes.size(), 1u);
  EXPECT_THAT(Run(read->model, {-8, 2, 4}), ElementsAre(-20, 50, 1000));
  EXPECT_THAT(Run(read->model, {-8, 0, -4}), ElementsAre(-80, 0, -4000));
}

TEST_F(ReadModelTest, ExternalWeightsLiveAsLongAsTheModel) {
  const float weights[] = {-1, 10, 100, 1000};
  Write("w.bin", {reinterpret_cast<const char*>(weights), sizeof weights});
  std::shared_ptr<ov::Model> model;
  {
    const auto read = ReadModel(core_, Write("m.onnx", NormalizerTimesWeights(true).Bytes()), {});
    ASSERT_TRUE(read.ok()) << read.status();
    model = read->model;
  }
  fs::remove_all(folder_);
  EXPECT_THAT(Run(model, {-8, 2, 4}), ElementsAre(-20, 50, 1000));
  const auto copy = model->clone();
  model.reset();
  EXPECT_THAT(Run(copy, {-8, 2, 4}), ElementsAre(-20, 50, 1000));
}

TEST_F(ReadModelTest, WeightsInAPipeAreNotWaitedFor) {
  for (const bool rewritten : {true, false}) {
    TestModel model = NormalizerTimesWeights(true);
    if (!rewritten) {
      model.graph().mutable_node(0)->Clear();
      *model.graph().mutable_node(0) = MakeNode("Relu", {"x"}, {"n"});
    }
    const fs::path path = Write("m.onnx", model.Bytes());
    fs::remove(folder_ / "w.bin");
    ASSERT_EQ(mkfifo((folder_ / "w.bin").c_str(), 0600), 0);
    EXPECT_THAT(std::string(ReadModel(core_, path, {}).status().message()),
                HasSubstr((folder_ / "w.bin").string() + " cannot be read: it is not a file"));
  }
}

TEST_F(ReadModelTest, APipeIsNoModel) {
  Write("m.onnx", "");
  fs::remove(folder_ / "m.onnx");
  ASSERT_EQ(mkfifo((folder_ / "m.onnx").c_str(), 0600), 0);
  EXPECT_THAT(std::string(ReadModel(core_, folder_ / "m.onnx", {}).status().message()), HasSubstr("expected a model"));
}

/// The file in which the model's constants of three numbers lie in memory, one for each; "" for what is in none.
std::vector<std::string> FilesOfWeights(const std::shared_ptr<ov::Model>& model) {
  std::vector<std::string> files;
  for (const auto& node : model->get_ordered_ops()) {
    const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node);
    if (constant == nullptr || constant->get_shape() != ov::Shape{3}) continue;
    const auto address = reinterpret_cast<uintptr_t>(constant->get_data_ptr());
    std::string& file = files.emplace_back();
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      uintptr_t begin = 0, end = 0;
      if (std::sscanf(line.c_str(), "%zx-%zx", &begin, &end) == 2 && begin <= address && address < end) {
        file = line.ends_with("w.bin") ? "w.bin" : "";
      }
    }
  }
  return files;
}

/// The model's initializer as a Constant node.
onnx::Node TakeConstant(TestModel& model) {
  onnx::Node constant = MakeNode("Constant", {}, {"w"});
  onnx::Attribute& value = *constant.add_attribute();
  value.set_name("value");
  value.set_type(onnx::Attribute::TENSOR);
  value.mutable_t()->Swap(model.graph().mutable_initializer(0));
  model.graph().clear_initializer();
  return constant;
}

TEST_F(ReadModelTest, ExternalWeightsAreNotCopied) {
  const float weights[] = {-1, 10, 100, 1000};
  Write("w.bin", {reinterpret_cast<const char*>(weights), sizeof weights});
  TestModel declared = NormalizerTimesWeights(true);
  declared.Input("w", T::FLOAT, {3});
  TestModel constant = NormalizerTimesWeights(true);
  *constant.graph().add_node() = TakeConstant(constant);
  for (TestModel* model : {&declared, &constant}) {
    const auto read = ReadModel(core_, Write("m.onnx", model->Bytes()), {});
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_THAT(FilesOfWeights(read->model), ElementsAre("w.bin"));
    EXPECT_EQ(read->model->inputs().size(), 1u);
    EXPECT_EQ(read->model->input().get_any_name(), "x");
    EXPECT_THAT(Run(read->model, {-8, 2, 4}), ElementsAre(-20, 50, 1000));
  }
}

TEST_F(ReadModelTest, ExternalWeightsThatABranchHasOrReadsAreNotCopied) {
  const float weights[] = {-1, 10, 100, 1000};
  Write("w.bin", {reinterpret_cast<const char*>(weights), sizeof weights});
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x").Input("c", T::BOOL, {}).Output("y");
  SetString(model.Node("Normalizer", {"x"}, {"n"}, "ai.onnx.ml"), "norm", "MAX");
  const onnx::Tensor w = NormalizerTimesWeights(true).graph().initializer(0);
  *model.graph().add_initializer() = w;
  onnx::Node& node = model.Node("If", {"c"}, {"y"});
  *TestModel::Branch(node, "p").add_node() = MakeNode("Mul", {"n", "w"}, {"p"});
  onnx::Graph& inside = TestModel::Branch(node, "q", "else_branch");
  *inside.add_node() = MakeNode("Sub", {"n", "v"}, {"q"});
  *inside.add_initializer() = w;
  inside.mutable_initializer(0)->set_name("v");
  const auto read = ReadModel(core_, Write("m.onnx", model.Bytes()), {});
  ASSERT_TRUE(read.ok()) << read.status();
  std::vector<std::string> files = FilesOfWeights(read->model);
  for (const auto& op : read->model->get_ordered_ops()) {
    const auto choice = ov::as_type_ptr<ov::op::util::MultiSubGraphOp>(op);
    if (choice == nullptr) continue;
    for (const auto& body : choice->get_functions()) {
      for (std::string& file : FilesOfWeights(body)) files.push_back(std::move(file));
    }
  }
  EXPECT_THAT(files, testing::AllOf(testing::SizeIs(testing::Ge(2u)), testing::Each("w.bin")));
}

TEST_F(ReadModelTest, ExternalWeightsThatAreNotAlignedAreCopied) {
  const float weights[] = {10, 100, 1000};
  Write("w.bin", "abcde" + std::string(reinterpret_cast<const char*>(weights), sizeof weights));
  TestModel model = NormalizerTimesWeights(true);
  model.graph().mutable_initializer(0)->mutable_external_data(1)->set_value("5");
  const auto read = ReadModel(core_, Write("m.onnx", model.Bytes()), {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(FilesOfWeights(read->model), ElementsAre(""));
  EXPECT_THAT(Run(read->model, {-8, 2, 4}), ElementsAre(-20, 50, 1000));
}

TEST_F(ReadModelTest, AnAddressThatAModelBringsIsNoWeight) {
  const float secret[] = {1, 2, 3};
  const float weights[] = {-1, 10, 100, 1000};
  Write("w.bin", {reinterpret_cast<const char*>(weights), sizeof weights});
  TestModel model = NormalizerTimesWeights(true);
  ASSERT_TRUE(ReadModel(core_, Write("m.onnx", model.Bytes()), {}).ok());  // the core knows the operator now
  model.Import("lamina.mapped", 1).Output("z");
  onnx::Node& hostile = model.Node("Weights", {}, {"z"}, "lamina.mapped");
  SetInt(hostile, "address", static_cast<int64_t>(reinterpret_cast<uintptr_t>(secret)));
  SetInts(hostile, "dims", {3});
  SetString(hostile, "type", "f32");
  const fs::path path = Write("m.onnx", model.Bytes());
  EXPECT_THAT(std::string(ReadModel(core_, path, {}).status().message()), HasSubstr("lamina.mapped.Weights"));
  ReadOptions native;
  native.native_libraries = true;
  EXPECT_THAT(std::string(ReadModel(core_, path, native).status().message()), HasSubstr("these are none"));
}

TEST_F(ReadModelTest, ExternalWeightsOfAConstantNode) {
  TestModel model = NormalizerTimesWeights(true);
  *model.graph().add_node() = TakeConstant(model);
  const fs::path path = Write("m.onnx", model.Bytes());
  EXPECT_THAT(std::string(ReadModel(core_, path, {}).status().message()), HasSubstr("w.bin cannot be opened"));
  const float weights[] = {-1, 10, 100, 1000};
  Write("w.bin", {reinterpret_cast<const char*>(weights), sizeof weights});
  const auto read = ReadModel(core_, path, {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(Run(read->model, {-8, 2, 4}), ElementsAre(-20, 50, 1000));
}

TEST_F(ReadModelTest, ExternalWeightsThatAreNotThere) {
  const fs::path path = Write("m.onnx", NormalizerTimesWeights(true).Bytes());
  EXPECT_THAT(std::string(ReadModel(core_, path, {}).status().message()), HasSubstr("w.bin cannot be opened"));
  Write("w.bin", "short");
  EXPECT_THAT(std::string(ReadModel(core_, path, {}).status().message()),
              HasSubstr("tensor 'w' is at bytes 4 to 16 of"));
}

TEST_F(ReadModelTest, FromMemory) {
  const auto read = ReadModelFromMemory(core_, NormalizerTimesWeights(false).Bytes(), "", {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(Run(read->model, {-8, 2, 4}), ElementsAre(-20, 50, 1000));
  const auto bad = ReadModelFromMemory(core_, "not a model", "", {});
  EXPECT_EQ(bad.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ReadModelTest, MapKeysAreInTheModelsInfo) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x").Output("z");
  SetStrings(model.Node("ZipMap", {"x"}, {"z"}, "ai.onnx.ml"), "classlabels_strings", {"a", "b", "c"});
  const auto read = ReadModelFromMemory(core_, model.Bytes(), "", {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->model->get_rt_info<std::string>("lamina", "classes.z"), R"(["a","b","c"])");
  EXPECT_THAT(Run(read->model, {.5f, .25f, .25f}), ElementsAre(.5f, .25f, .25f));
}

TEST_F(ReadModelTest, UnknownOperatorsAreOurErrorOrTheEngines) {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Quux", {"x"}, {"y"});
  const fs::path path = Write("m.onnx", model.Bytes());
  const auto ours = ReadModel(core_, path, {});
  EXPECT_EQ(ours.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(std::string(ours.status().message()), HasSubstr("m.onnx has 1 operator that neither"));
  ReadOptions options;
  options.native_libraries = true;
  const auto both = ReadModel(core_, path, options);
  EXPECT_THAT(std::string(both.status().message()), HasSubstr("has 1 operator that neither"));
  EXPECT_THAT(std::string(both.status().message()), HasSubstr("OpenVINO cannot read"));
}

TEST_F(ReadModelTest, OtherFormatsAreTheEnginesAsTheyAre) {
  const auto read = ReadModel(core_, Write("m.onnx", NormalizerTimesWeights(false).Bytes()), {});
  ASSERT_TRUE(read.ok());
  ov::serialize(read->model, folder_ / "ir.xml");
  const auto ir = ReadModel(core_, folder_ / "ir.xml", {});
  ASSERT_TRUE(ir.ok()) << ir.status();
  EXPECT_TRUE(ir->report.Lines().empty());
  EXPECT_THAT(Run(ir->model, {-8, 2, 4}), ElementsAre(-20, 50, 1000));
  EXPECT_THAT(std::string(ReadModel(core_, folder_ / "missing.xml", {}).status().message()),
              HasSubstr("OpenVINO cannot read"));
}

TEST_F(ReadModelTest, AnOnnxModelIsKnownByItsContent) {
  const auto read = ReadModel(core_, Write("model", NormalizerTimesWeights(false).Bytes()), {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->report.changes.size(), 1u);
}

}  // namespace
}  // namespace lamina::prepare
