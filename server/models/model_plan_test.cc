#include "server/models/model_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using Kind = ModelAction::Kind;
using Configs = std::map<std::string, ModelConfig>;
using Actions = std::vector<ModelAction>;

/// A map by name, as PlanModels takes it.
Configs Of(std::vector<ModelConfig> models) {
  Configs configs;
  for (ModelConfig& model : models) configs.emplace(model.name, model);
  return configs;
}

const ModelConfig kA{.name = "a", .base_path = "/a"}, kB{.name = "b", .base_path = "/b"};
const ModelConfig kAElsewhere{.name = "a", .base_path = "/other"};
const ModelConfig kAMoreRequests{.name = "a", .base_path = "/a", .nireq = 4};
const ModelConfig kAAll{.name = "a", .base_path = "/a", .version_policy = {.kind = VersionPolicy::Kind::kAll}};
const ModelConfig kALabelled{.name = "a", .base_path = "/a", .version_labels = {{"stable", 1}}};
const ModelConfig kALabelledElsewhere{.name = "a", .base_path = "/other", .version_labels = {{"stable", 1}}};
const ModelConfig kAWithLibrary{.name = "a", .base_path = "/a", .cpu_extensions = {"/lib.so"}};

TEST(PlanModelsTest, GoesFromWhatIsToWhatIsWanted) {
  const struct {
    const char* what;
    std::vector<ModelConfig> current, wanted;
    Actions actions;
  } kTable[] = {
      {"nothing", {}, {}, {}},
      {"all is as it should be", {kA, kB}, {kA, kB}, {}},
      {"a first model", {}, {kA}, {{Kind::kAdd, "a"}}},
      {"one more", {kA}, {kA, kB}, {{Kind::kAdd, "b"}}},
      {"one less", {kA, kB}, {kB}, {{Kind::kRemove, "a"}}},
      {"all go", {kA, kB}, {}, {{Kind::kRemove, "a"}, {Kind::kRemove, "b"}}},
      {"room is made first", {kB}, {kA}, {{Kind::kRemove, "b"}, {Kind::kAdd, "a"}}},
      {"another folder", {kA}, {kAElsewhere}, {{Kind::kReplace, "a"}}},
      {"another setting of the engine's", {kA}, {kAMoreRequests}, {{Kind::kReplace, "a"}}},
      {"another library", {kA}, {kAWithLibrary}, {{Kind::kReplace, "a"}}},
      {"another policy", {kA}, {kAAll}, {{Kind::kSettle, "a"}}},
      {"other labels", {kA}, {kALabelled}, {{Kind::kSettle, "a"}}},
      {"no labels any more", {kALabelled}, {kA}, {{Kind::kSettle, "a"}}},
      {"other labels and another folder", {kA}, {kALabelledElsewhere}, {{Kind::kReplace, "a"}}},
      {"one of two", {kA, kB}, {kAElsewhere, kB}, {{Kind::kReplace, "a"}}},
  };
  for (const auto& row : kTable) EXPECT_EQ(PlanModels(Of(row.current), Of(row.wanted)), row.actions) << row.what;
}

}  // namespace
}  // namespace lamina::server
