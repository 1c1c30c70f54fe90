// The whole way through prepare.h: bytes and files in and out, damaged ones, operators that nobody knows.
#include "prepare/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "prepare/check.h"
#include "prepare/test_model.h"

namespace lamina::prepare {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using T = onnx::Tensor;

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TestModel Relu() {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Relu", {"x"}, {"y"});
  return model;
}

class PrepareFileTest : public testing::Test {
 protected:
  PrepareFileTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "out");
  }
  ~PrepareFileTest() override { fs::remove_all(folder_); }

  fs::path Write(const std::string& name, std::string_view bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST(PrepareTest, AModelThatNeedsNothingKeepsItsBytes) {
  const std::string bytes = Relu().Bytes();
  const auto prepared = Prepare(bytes, {});
  ASSERT_TRUE(prepared.ok());
  EXPECT_EQ(prepared->model, bytes);
  EXPECT_TRUE(prepared->report.Lines().empty());
}

TEST(PrepareTest, FieldsThatItDoesNotKnowAreKept) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x").Output("y");
  SetString(model.Node("Normalizer", {"x"}, {"y"}, "ai.onnx.ml"), "norm", "MAX");
  const std::string unknown_field("\x9a\x06\x04kept", 7);  // field 99, four bytes
  const auto prepared = Prepare(model.Bytes() + unknown_field, {});
  ASSERT_TRUE(prepared.ok());
  EXPECT_FALSE(prepared->report.changes.empty());
  EXPECT_THAT(prepared->model, HasSubstr(unknown_field));
}

TEST(PrepareTest, EveryCutOffModelIsAnErrorOrAModel) {
  TestModel model = Relu();
  AddInts(model.graph(), "constant", {1, 2, 3});
  const std::string bytes = model.Bytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto prepared = Prepare(std::string_view(bytes).substr(0, size), {});
    EXPECT_TRUE(prepared.ok() || Message(prepared.status()).starts_with("the model: ")) << size;
  }
}

TEST(PrepareTest, EveryDamagedByteIsAnErrorOrAModel) {
  TestModel model;
  model.Import("ai.onnx.ml", 4).Input("x", T::STRING).Output("y", T::INT64);
  onnx::Node& node = model.Node("LabelEncoder", {"x"}, {"y"}, "ai.onnx.ml");
  SetStrings(node, "keys_strings", {"a", "b"});
  const std::string bytes = model.Bytes();
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned char value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(value);
      const auto prepared = Prepare(damaged, {{{"ai.onnx.ml", "LabelEncoder"}}});
      EXPECT_TRUE(prepared.ok() || prepared.status().code() == absl::StatusCode::kInvalidArgument) << at;
    }
  }
}

TEST(PrepareTest, SaysWhatTheBytesAre) {
  EXPECT_THAT(Message(Prepare("", {}).status()), HasSubstr("it is empty"));
  EXPECT_THAT(Message(Prepare("version https://git-lfs.github.com/spec/v1\n", {}).status()), HasSubstr("git lfs pull"));
  EXPECT_THAT(Message(Prepare("<html>not found</html>", {}).status()), HasSubstr("no ONNX model"));
  EXPECT_THAT(Message(Prepare(std::string("\x08\x01", 2), {}).status()), HasSubstr("it holds no graph"));
  TestModel no_output;
  no_output.Input("x").Node("Identity", {"x"}, {"y"});
  EXPECT_THAT(Message(Prepare(no_output.Bytes(), {}).status()), HasSubstr("its graph has no output"));
}

TEST(PrepareTest, WhatTheEngineWouldCrashOnIsRefused) {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Conv", {"x"}, {"y"});
  EXPECT_THAT(Message(Prepare(model.Bytes(), {}).status()),
              HasSubstr("node 'y' (Conv) has 1 inputs; it needs at least 2"));
  TestModel attention;
  attention.Import("com.microsoft", 1).Input("x").Output("y");
  attention.Node("Attention", {"x", "x"}, {"y"}, "com.microsoft");
  EXPECT_THAT(Message(Prepare(attention.Bytes(), {}).status()), HasSubstr("lacks its attribute num_heads"));
}

TEST(PrepareTest, WhatTheEngineWouldCrashOnIsRefusedInFunctionsToo) {
  TestModel model;
  model.Import("local", 1).Input("x").Output("y").Node("F", {"x"}, {"y"}, "local");
  onnx::Function& function = model.Function("F", {"a"}, {"b"});
  *function.add_node() = MakeNode("Conv", {"a"}, {"b"});
  EXPECT_THAT(Message(Prepare(model.Bytes(), {}).status()),
              HasSubstr("function 'F': node 'b' (Conv) has 1 inputs; it needs at least 2"));
}

TEST(PrepareTest, ANodeHasOutputs) {
  for (const char* op : {"Identity", "Equal", "Add"}) {
    TestModel model = Relu();
    model.Node(op, {"x", "x"}, {}).set_name("n");
    EXPECT_THAT(Message(Prepare(model.Bytes(), {{{"lamina", "Equal"}}}).status()), HasSubstr("has no outputs")) << op;
  }
}

TEST(PrepareTest, NoTensorIsAtAnAddress) {
  const auto put = [](onnx::Tensor& tensor) {
    tensor.set_name("w");
    tensor.set_data_location(onnx::Tensor::EXTERNAL);
    onnx::StringStringEntry& entry = *tensor.add_external_data();
    entry.set_key("location");
    entry.set_value("*/_ORT_MEM_ADDR_/*");
  };
  TestModel initializer = Relu();
  put(*initializer.graph().add_initializer());
  TestModel constant = Relu();
  onnx::Attribute& value = *constant.Node("Constant", {}, {"c"}).add_attribute();
  value.set_name("value");
  put(*value.mutable_t());
  for (const TestModel& model : {initializer, constant}) {
    EXPECT_THAT(Message(Prepare(model.Bytes(), {}).status()),
                HasSubstr("tensor 'w' has its data in '*/_ORT_MEM_ADDR_/*', the memory of a process"));
  }
}

TEST(PrepareTest, ValuesHaveOneMaker) {
  TestModel nowhere;
  nowhere.Input("x").Output("y");
  nowhere.Node("Add", {"x", "z"}, {"y"});
  EXPECT_THAT(Message(Prepare(nowhere.Bytes(), {}).status()), HasSubstr("reads 'z', which nothing makes"));
  TestModel twice = Relu();
  twice.Node("Abs", {"x"}, {"y"});
  EXPECT_THAT(Message(Prepare(twice.Bytes(), {}).status()), HasSubstr("makes 'y', which is there already"));
  TestModel none;
  none.Input("x").Output("y");
  none.Node("Relu", {"x"}, {"z"});
  EXPECT_THAT(Message(Prepare(none.Bytes(), {}).status()), HasSubstr("output 'y' is made by no node"));
}

TEST(PrepareTest, InputsHaveNamesOfTheirOwn) {
  TestModel model = Relu();
  model.Input("x");
  EXPECT_THAT(Message(Prepare(model.Bytes(), {}).status()), HasSubstr("there are two inputs 'x'"));
}

TEST(PrepareTest, ValuesInFunctionsHaveOneMakerToo) {
  for (const auto& [made, error] : {std::pair("a", "makes 'a', which is there already"),
                                    {"b", "makes 'b', which"},
                                    {"c", "output 'd' is made by no node"}}) {
    TestModel model;
    model.Import("local", 1).Input("x").Output("y").Node("F", {"x"}, {"y"}, "local");
    onnx::Function& function = model.Function("F", {"a"}, {"d"});
    *function.add_node() = MakeNode("Relu", {"a"}, {"b"});
    *function.add_node() = MakeNode("Relu", {"a"}, {made});
    EXPECT_THAT(Message(Prepare(model.Bytes(), {}).status()), HasSubstr(error));
  }
}

TEST(PrepareTest, UnknownOperatorsAreListedWithTheNearestKnown) {
  TestModel model;
  model.Import("my.domain", 1).Input("x").Output("y");
  model.Node("Rleu", {"x"}, {"a"});
  model.Node("Rleu", {"a"}, {"b"});
  model.Node("Scalr", {"b"}, {"c"}, "my.domain");
  model.Node("Quux12345", {"c"}, {"y"}, "my.domain");
  const auto prepared = Prepare(model.Bytes(), {{{"my.domain", "Scaler"}}});
  ASSERT_TRUE(prepared.ok());
  const absl::Status status = UnknownOperatorsError(prepared->report, "m.onnx");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(Message(status), HasSubstr("m.onnx has 3 operators"));
  EXPECT_THAT(Message(status), HasSubstr("Rleu, domain 'ai.onnx', 2 nodes; the nearest known is Relu"));
  EXPECT_THAT(Message(status),
              HasSubstr("my.domain.Scalr, domain 'my.domain', 1 node; the nearest known is my.domain.Scaler"));
  EXPECT_THAT(Message(status), HasSubstr("my.domain.Quux12345, domain 'my.domain', 1 node; no known name is near"));
  EXPECT_THAT(Message(status), HasSubstr("LAMINA_LAYER(Rleu"));
  EXPECT_TRUE(UnknownOperatorsError({}, "m.onnx").ok());
}

TEST(PrepareTest, OfVeryManyUnknownOperatorsTheFirstAreListed) {
  TestModel model;
  model.Input("x").Output("y");
  for (int i = 0; i < 1003; ++i) model.Node("Strange" + std::to_string(i % 1002), {"x"}, {i == 0 ? "y" : ""});
  const auto report = model.Prepare();
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->unknown.size(), 1002u);
  EXPECT_EQ(report->unknown[0].count, 2);
  const std::string text = Message(UnknownOperatorsError(*report, "m.onnx"));
  EXPECT_THAT(text, HasSubstr("m.onnx has 1002 operators"));
  EXPECT_THAT(text,
              HasSubstr("Strange999, domain 'ai.onnx', 1 node; no known name is near;\n  and 2 more.\nAdd a library"));
  EXPECT_THAT(text, testing::Not(HasSubstr("Strange1000")));
}

TEST(PrepareTest, KnowsOnnxFromOtherFormats) {
  EXPECT_TRUE(LooksLikeOnnx(Relu().Bytes()));
  EXPECT_FALSE(LooksLikeOnnx(""));
  EXPECT_FALSE(LooksLikeOnnx("<?xml version=\"1.0\"?><net name=\"m\"></net>"));
  EXPECT_FALSE(LooksLikeOnnx(std::string("\x08\x01\x12\x02\x0a\x00", 6)));  // a SavedModel
  EXPECT_FALSE(LooksLikeOnnx(std::string("\x0a\x02\x0a\x00", 4)));          // a GraphDef
}

TEST_F(PrepareFileTest, PathsThatAreNoFiles) {
  EXPECT_EQ(PrepareFile(folder_ / "missing.onnx", {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Message(PrepareFile(folder_, {}).status()), HasSubstr("it is not a file"));
  EXPECT_THAT(Message(PrepareFile(Write("bad.onnx", "bad"), {}).status()),
              HasSubstr("bad.onnx: its 3 bytes are no ONNX"));
}

TEST_F(PrepareFileTest, TheOriginalIsNotWrittenOver) {
  const fs::path in = Write("m.onnx", Relu().Bytes());
  EXPECT_THAT(Message(PrepareToFile(in, folder_ / "." / "m.onnx", {}).status()),
              HasSubstr("is the model that is read"));
  EXPECT_THAT(Message(PrepareToFile(in, folder_ / "m.xml", {}).status()), HasSubstr("call it *.onnx"));
}

TEST_F(PrepareFileTest, TheWeightsComeAlong) {
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x").Output("y");
  SetString(model.Node("Normalizer", {"x"}, {"n"}, "ai.onnx.ml"), "norm", "MAX");
  model.Node("Mul", {"n", "w"}, {"y"});
  onnx::Tensor& weights = *model.graph().add_initializer();
  weights.set_name("w");
  weights.set_data_type(T::FLOAT);
  weights.set_data_location(T::EXTERNAL);
  onnx::StringStringEntry& location = *weights.add_external_data();
  location.set_key("location");
  location.set_value("data/w.bin");
  fs::create_directories(folder_ / "data");
  Write("data/w.bin", "1234");
  const fs::path in = Write("m.onnx", model.Bytes()), out = folder_ / "out" / "m.onnx";
  ASSERT_TRUE(PrepareToFile(in, out, {}).ok());
  EXPECT_TRUE(fs::equivalent(folder_ / "data/w.bin", folder_ / "out/data/w.bin"));
  EXPECT_TRUE(PrepareToFile(in, out, {}).ok()) << "again";
  fs::remove(folder_ / "out/data/w.bin");
  Write("out/data/w.bin", "4321");
  EXPECT_EQ(PrepareToFile(in, out, {}).status().code(), absl::StatusCode::kAlreadyExists);

  location.set_value("../../etc/passwd");
  const auto outside = PrepareToFile(Write("m.onnx", model.Bytes()), out, {});
  EXPECT_THAT(Message(outside.status()), HasSubstr("must be in the model's folder"));
}

// What cannot be linked is copied: a file in memory. What a process may write ends in the middle of it.
TEST_F(PrepareFileTest, WeightsThatCannotBeCopiedAsAWholeAreNotThere) {
  const int memory = memfd_create("weights", MFD_CLOEXEC);
  ASSERT_EQ(ftruncate(memory, 1 << 20), 0);
  fs::create_symlink("/proc/self/fd/" + std::to_string(memory), folder_ / "w.bin");
  TestModel model = Relu();
  onnx::Tensor& weights = *model.graph().add_initializer();
  weights.set_name("w");
  weights.set_data_location(T::EXTERNAL);
  onnx::StringStringEntry& location = *weights.add_external_data();
  location.set_key("location");
  location.set_value("w.bin");
  const fs::path in = Write("m.onnx", model.Bytes()), out = folder_ / "out" / "m.onnx";

  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit short_limit = {4096, limit.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &short_limit);
  const auto cut_off = PrepareToFile(in, out, {});
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(Message(cut_off.status()), HasSubstr("cannot be brought to"));
  EXPECT_TRUE(fs::is_empty(folder_ / "out"));
  const auto whole = PrepareToFile(in, out, {});
  EXPECT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(fs::file_size(folder_ / "out" / "w.bin"), 1u << 20);
  close(memory);
}

TEST_F(PrepareFileTest, UnknownOperatorsAreNotWritten) {
  TestModel model;
  model.Input("x").Output("y");
  model.Node("Quux", {"x"}, {"y"});
  const fs::path out = folder_ / "out" / "m.onnx";
  EXPECT_EQ(PrepareToFile(Write("m.onnx", model.Bytes()), out, {}).status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_FALSE(fs::exists(out));
  EXPECT_THAT(Message(PrepareToFile(Write("r.onnx", Relu().Bytes()), folder_ / "no/such/m.onnx", {}).status()),
              HasSubstr("cannot be written"));
}

}  // namespace
}  // namespace lamina::prepare
