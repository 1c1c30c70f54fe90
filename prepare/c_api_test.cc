// The C interface where there is no memory: a result that says so, never an exception.
#include "prepare/c_api.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "extension/testing/failing_new.h"
#include "prepare/test_model.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace lamina::prepare {
namespace {

using lamina::testing::allocations_left;
using lamina::testing::kAll;

// protobuf loses what it holds when it is out of memory while it parses, which LeakSanitizer would report.
#ifdef __SANITIZE_ADDRESS__
using KeepQuiet = __lsan::ScopedDisabler;
#else
struct KeepQuiet {};
#endif

std::string Model() {
  TestModel model;
  model.Import("ai.onnx.ml", 1).Input("x").Output("y");
  SetString(model.Node("Normalizer", {"x"}, {"y"}, "ai.onnx.ml"), "norm", "MAX");
  return model.Bytes();
}

TEST(PrepareCTest, WithoutMemoryTheResultSaysSo) {
  const std::string bytes = Model();
  bool prepared = false;
  for (size_t allocations = 0; !prepared; ++allocations) {
    allocations_left = allocations;
    [[maybe_unused]] const KeepQuiet quiet;
    lamina_prepared* result = lamina_prepare_memory(bytes.data(), bytes.size(), "", nullptr, 0, 0);
    allocations_left = kAll;
    ASSERT_NE(result, nullptr);
    const char* error = lamina_prepared_error(result);
    prepared = error == nullptr;
    EXPECT_TRUE(prepared || std::string(error).find("out of memory; free some") != std::string::npos) << error;
    lamina_prepared_free(result);
    ASSERT_LT(allocations, size_t{100'000});
  }
}

TEST(PrepareCTest, WithoutMemoryAFileIsNoOnnxModel) {
  const std::string path = ::testing::TempDir() + "prepare_c_test.onnx";
  std::ofstream(path, std::ios::binary) << Model();
  allocations_left = 0;
  const int without = lamina_is_onnx(path.c_str());
  allocations_left = kAll;
  EXPECT_EQ(without, 0);
  EXPECT_EQ(lamina_is_onnx(path.c_str()), 1);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace lamina::prepare
