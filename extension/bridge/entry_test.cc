// libcpu_extension.so as a program uses it that gives libraries by path.
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "extension/bridge/bridge.h"
#include "extension/bridge/testing/onnx_model.h"
#include "openvino/core/extension.hpp"
#include "openvino/runtime/core.hpp"

namespace lamina::bridge {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Never closed: extensions and models of it may outlive anything here.
void* Library() {
  static void* library = dlopen(LAMINA_CPU_EXTENSION, RTLD_NOW | RTLD_LOCAL);
  return library;
}

struct Result {
  bool good;
  std::vector<std::shared_ptr<ov::Extension>> extensions;
  std::string error;
};

Result ExtensionsAt(const std::vector<const char*>& paths) {
  const auto extensions = reinterpret_cast<LaminaBridgeExtensions>(dlsym(Library(), LAMINA_BRIDGE_EXTENSIONS));
  Result result;
  result.good = extensions(paths.data(), paths.size(), result.extensions, result.error);
  return result;
}

float FirstOutput(ov::Core& core, const std::string& domain, const std::string& op) {
  OnnxModel model;
  model.Input("x", OnnxType::kFloat, {1, 1}).Node(domain, op, {"x"}, {"y"}).Output("y", OnnxType::kFloat, {1, 1});
  auto request = core.compile_model(core.read_model(model.Bytes(), ov::Tensor()), "CPU").create_infer_request();
  request.get_input_tensor().data<float>()[0] = 2;
  request.infer();
  return request.get_output_tensor().data<float>()[0];
}

TEST(EntryTest, LibrariesByPathInTheirOrder) {
  const auto result = ExtensionsAt({LAMINA_CPU_EXTENSION, LAMINA_TEST_LAYERS});
  ASSERT_TRUE(result.good) << result.error;
  ov::Core core;
  core.add_extension(result.extensions);
  EXPECT_EQ(FirstOutput(core, "test", "LeakyRelu"), 2);
  EXPECT_EQ(FirstOutput(core, "ai.onnx.ml", "Binarizer"), 1);
}

TEST(EntryTest, OnlyWhatIsAskedFor) {
  const auto result = ExtensionsAt({LAMINA_TEST_LAYERS});
  ov::Core core;
  core.add_extension(result.extensions);
  EXPECT_EQ(FirstOutput(core, "test", "LeakyRelu"), 2);
  EXPECT_ANY_THROW(FirstOutput(core, "ai.onnx.ml", "Binarizer"));
}

TEST(EntryTest, ABadLibraryIsNamedAndNothingIsAdded) {
  const auto missing = ExtensionsAt({LAMINA_TEST_LAYERS, "/no/such.so"});
  EXPECT_FALSE(missing.good);
  EXPECT_TRUE(missing.extensions.empty());
  EXPECT_THAT(missing.error, HasSubstr("/no/such.so"));
  const auto native = ExtensionsAt({LAMINA_NATIVE_LIBRARY});
  EXPECT_FALSE(native.good);
  EXPECT_THAT(native.error, HasSubstr(LAMINA_NATIVE_LIBRARY));
}

TEST(EntryTest, TheLogGoesWhereTheProgramWants) {
  using SetLog = void (*)(LaminaBridgeLog);
  const auto set_log = reinterpret_cast<SetLog>(dlsym(Library(), LAMINA_BRIDGE_SET_LOG));
  static std::string lines;
  set_log([](int32_t level, const char* line, size_t size) {
    lines += std::to_string(level) + " " + std::string(line, size) + "\n";
  });
  ExtensionsAt({LAMINA_CPU_EXTENSION});
  set_log(nullptr);
  EXPECT_THAT(lines, AllOf(HasSubstr("1 libcpu_extension.so: layers may use"), HasSubstr("Highway's target")));
}

}  // namespace
}  // namespace lamina::bridge
