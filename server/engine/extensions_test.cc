#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "openvino/op/parameter.hpp"
#include "server/engine/load_model.h"
#include "server/engine/testdata/plus_one.h"
#include "server/engine/testing.h"
#include "server/engine/try_extension.h"

namespace lamina::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::shared_ptr<const ExtensionLibrary> Native(const std::string& path) {
  auto library = std::make_shared<ExtensionLibrary>();
  library->path = library->loadable_path = path;
  library->manifest.kind = loader::Manifest::Kind::kNative;
  return library;
}

std::string Trial(const std::string& path) { return std::string(TryExtension(*Native(path), "").message()); }

// Threads are started by the tests after this one: the trial forks.
TEST(TryExtensionTest, ToldApart) {
  EXPECT_EQ(Trial(LAMINA_TEST_NATIVE), "");
  EXPECT_THAT(Trial(LAMINA_TEST_THROWS),
              AllOf(HasSubstr(LAMINA_TEST_THROWS), HasSubstr("no licence for this machine")));
  EXPECT_THAT(Trial(LAMINA_TEST_ABORTS), AllOf(HasSubstr(LAMINA_TEST_ABORTS), HasSubstr("Aborted")));
  EXPECT_THAT(Trial(LAMINA_TEST_ILLEGAL), AllOf(HasSubstr("Illegal instruction"), HasSubstr("build it for this CPU")));
  EXPECT_THAT(Trial("/no/such/library.so"), HasSubstr("/no/such/library.so"));
}

TEST(TryExtensionTest, LayersNeedTheBridge) {
  ExtensionLibrary layers = *Native("/some/layers.so");
  layers.manifest.kind = loader::Manifest::Kind::kLayers;
  EXPECT_THAT(std::string(TryExtension(layers, "").message()), HasSubstr("need our own libcpu_extension.so"));
  EXPECT_THAT(std::string(TryExtension(layers, LAMINA_TEST_NATIVE).message()),
              HasSubstr("has no lamina_bridge_extensions"));
}

class ExtensionsTest : public ::testing::Test {
 protected:
  ExtensionsTest() {
    auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{2});
    x->output(0).set_names({"x"});
    x->set_friendly_name("x");
    auto y = std::make_shared<testing::PlusOne>(x);
    y->output(0).set_names({"y"});
    testing::Save(std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x}), folder_.path());
  }

  absl::StatusOr<std::unique_ptr<CompiledModel>> Load(ExtensionSet extensions) {
    ModelConfig config;
    config.name = "m";
    return LoadModel({.config = config, .path = folder_.path(), .extensions = std::move(extensions)}, timer_);
  }

  testing::TemporaryFolder folder_;
  Timer timer_;
};

TEST_F(ExtensionsTest, AModelRunsWithItsLibraryAndSaysWhatItLacksWithout) {
  const auto model = Load({.libraries = {Native(LAMINA_TEST_NATIVE)}});
  ASSERT_TRUE(model.ok()) << model.status();
  const std::vector<int64_t> shape{2};
  const std::vector<float> x{1, 2};
  const InputTensor input = testing::Input("x", ElementType::kF32, shape, x);
  testing::KeepingSink sink;
  absl::Status result;
  InferRequest request;
  request.inputs = {&input, 1};
  (*model)->InferAsync(request, sink, [&](absl::Status status, const InferTimes&) { result = std::move(status); });
  ASSERT_TRUE(result.ok()) << result;
  EXPECT_THAT(sink.Values<float>("y"), ::testing::ElementsAre(2, 3));

  const auto without = Load({.problems = {"libplus.so is broken"}});
  EXPECT_THAT(std::string(without.status().message()), AllOf(HasSubstr("PlusOne"), HasSubstr("libplus.so is broken")));
}

}  // namespace
}  // namespace lamina::server
