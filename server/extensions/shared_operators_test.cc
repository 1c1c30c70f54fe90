#include "server/extensions/shared_operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

loader::Manifest Of(std::vector<loader::Binding> bindings) {
  loader::Manifest manifest;
  for (loader::Binding& binding : bindings) manifest.layers.emplace_back().bindings.push_back(std::move(binding));
  return manifest;
}

TEST(SharedOperatorsTest, OfOneFrameworkAndDomain) {
  const auto one = Of({{"onnx", "my.domain", "B"}, {"onnx", "my.domain", "A"}, {"onnx", "", "Mod"}});
  EXPECT_THAT(SharedOperators(one, one), ElementsAre("Mod", "my.domain.A", "my.domain.B"));
  EXPECT_THAT(SharedOperators(one, Of({{"onnx", "other", "A"}, {"tensorflow", "my.domain", "B"}})), IsEmpty());
}

TEST(SharedOperatorsTest, VersionsThatFollowEachOtherAreNotShared) {
  const auto old = Of({{"onnx", "", "Mod", 0, 9}});
  EXPECT_THAT(SharedOperators(old, Of({{"onnx", "", "Mod", 10, 0}})), IsEmpty());
  EXPECT_THAT(SharedOperators(Of({{"onnx", "", "Mod", 10, 0}}), old), IsEmpty());
  EXPECT_THAT(SharedOperators(old, Of({{"onnx", "", "Mod", 9, 9}})), ElementsAre("Mod"));
}

}  // namespace
}  // namespace lamina::server
