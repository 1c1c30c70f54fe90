// Models with our operations saved to IR and read back, and taken from the model cache.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "extension/bridge/testing/runs.h"

namespace lamina::bridge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using F = OnnxType;

// One node with an attribute of every kind, one with an absent input, one whose shape is known after computing.
OnnxModel Everything() {
  OnnxModel model;
  model.Input("x", F::kFloat, {-1}).Constant("bias", F::kFloat, {1}, Raw<float>({0.5f}));
  model.Constant("t", F::kDouble, {1}, Raw<double>({0.1}));
  model.Node("test", "ScaleBias", {"x", "", "bias"}, {"a"});
  model.Node("test", "Positive", {"a"}, {"y"}).Output("y", F::kFloat, {-1});
  model.Node("test", "Describe", {"x", "t"}, {"d"},
             {Int("i", int64_t{1} << 40), Floats("fs", {0.1f, 1e-45f}), Strings("ss", {"a", ""}), Ints("is", {}),
              Strings("lamina_tensor_attributes", {"t"})});
  model.Output("d", F::kString, {1});
  return model;
}

const auto kX = std::vector<float>{-1, 2, -0.25f};

TEST(SavedModelTest, IrGivesTheSame) {
  const TemporaryFolder folder;
  auto core = TestCore();
  const auto read = Read(core, Everything());
  auto direct = core.compile_model(read, "CPU");
  auto saved = core.compile_model(ThroughIr(core, read, folder), "CPU");
  const auto expected = OutputsOf(direct, {TensorOf<float>({3}, kX)});
  const auto got = OutputsOf(saved, {TensorOf<float>({3}, kX)});
  EXPECT_THAT(ValuesOf<float>(expected[0]), ElementsAre(2.5f, 0.25f));
  EXPECT_EQ(ValuesOf<float>(got[0]), ValuesOf<float>(expected[0]));
  EXPECT_EQ(ValuesOf<std::string>(got[1]), ValuesOf<std::string>(expected[1]));
  EXPECT_THAT(ValuesOf<std::string>(got[1])[0], HasSubstr("t:7[1]=f64x1"));
}

// Everything() saved as IR, to be spoilt and read.
struct SavedIr {
  SavedIr() { ThroughIr(core, Read(core, Everything()), folder); }
  std::string Xml() const {
    std::stringstream xml;
    xml << std::ifstream(folder / "model.xml").rdbuf();
    return xml.str();
  }
  void Write(const char* file, const std::string& bytes) const {
    std::ofstream(folder / file, std::ios::binary) << bytes;
  }

  TemporaryFolder folder;
  ov::Core core = TestCore();
};

MATCHER_P(CannotBeRead, why, "") {
  const auto read = [&arg] { arg.core.read_model(arg.folder / "model.xml"); };
  return ExplainMatchResult(ThrowsMessage<std::runtime_error>(HasSubstr(why)), read, result_listener);
}

TEST(SavedModelTest, IrNamesLayerLibraryAndOperator) {
  const std::string xml = SavedIr().Xml();
  EXPECT_THAT(xml, HasSubstr("type=\"Positive\" version=\"lamina_test\""));
  EXPECT_THAT(xml, HasSubstr("operator=\"test.Positive\""));
}

TEST(SavedModelTest, IrWithDamagedAttributesIsAnError) {
  SavedIr ir;
  ir.Write("model.bin", std::string(std::filesystem::file_size(ir.folder / "model.bin"), '\xff'));
  EXPECT_THAT(ir, CannotBeRead("attributes are damaged"));
}

TEST(SavedModelTest, IrOfAnotherVersionIsAnError) {
  SavedIr ir;
  std::string xml = ir.Xml();
  for (size_t at; (at = xml.find("body>")) != xml.npos;) xml.replace(at, 4, "attributes");
  ir.Write("model.xml", xml);
  EXPECT_THAT(ir, CannotBeRead("saved by another version of this library"));
}

// Every input costs an inference something.
TEST(SavedModelTest, AnOperationHasTheInputsOfItsNode) {
  const TemporaryFolder folder;
  auto core = TestCore();
  const auto read = Read(core, Everything());
  for (const auto& model : {read, ThroughIr(core, read, folder)}) {
    std::map<std::string, size_t> inputs;
    for (const auto& node : model->get_ops()) inputs[node->get_type_name()] = node->get_input_size();
    EXPECT_EQ(inputs["ScaleBias"], 2);
    EXPECT_EQ(inputs["Describe"], 1);
  }
}

TEST(SavedModelTest, ModelCacheGivesTheSame) {
  const TemporaryFolder folder;
  std::ofstream(folder / "model.onnx", std::ios::binary) << Everything().Bytes();
  const auto run = [&](bool from_cache) {
    auto core = TestCore();
    core.set_property(ov::cache_dir(folder / "cache"));
    auto model = core.compile_model(folder / "model.onnx", "CPU");
    EXPECT_EQ(model.get_property(ov::loaded_from_cache), from_cache);
    return OutputsOf(model, {TensorOf<float>({3}, kX)});
  };
  const auto first = run(false), second = run(true);
  EXPECT_THAT(ValuesOf<float>(second[0]), ElementsAre(2.5f, 0.25f));
  EXPECT_EQ(ValuesOf<std::string>(second[1]), ValuesOf<std::string>(first[1]));
}

}  // namespace
}  // namespace lamina::bridge
