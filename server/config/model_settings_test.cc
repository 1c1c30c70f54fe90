#include "server/config/model_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;
using Range = DimensionRange;

std::vector<std::string> Set(std::string_view name, std::string_view text, ModelConfig& model) {
  return ReadModelFlag(name, name, text, model);
}

TEST(ModelSettingsTest, BatchSize) {
  const struct {
    const char* text;
    std::optional<Range> expected;
  } kCases[] = {{"0", std::nullopt}, {"8", Range{8, 8}}, {"auto", Range{}}, {"-1", Range{}}, {"2:4", Range{2, 4}}};
  for (const auto& [text, expected] : kCases) {
    ModelConfig model;
    EXPECT_THAT(Set("batch_size", text, model), IsEmpty()) << text;
    EXPECT_EQ(model.batch_size, expected) << text;
  }
  ModelConfig model;
  EXPECT_THAT(Set("batch_size", "many", model), ElementsAre(HasSubstr("--batch_size: 'many' is not a batch size")));
}

TEST(ModelSettingsTest, ShapeForEveryInputOrByName) {
  ModelConfig model;
  EXPECT_THAT(Set("shape", "[1,3]", model), IsEmpty());
  EXPECT_THAT(model.shapes, ElementsAre(Pair("", ShapeConfig{.dims = {{1, 1}, {3, 3}}})));
  EXPECT_THAT(Set("shape", "auto", model), IsEmpty());
  EXPECT_THAT(model.shapes, ElementsAre(Pair("", ShapeConfig{.automatic = true})));
  EXPECT_THAT(Set("shape", R"json({"a": "(1,2)", "b": "auto", "c": [1, -1, "2:3"]})json", model), IsEmpty());
  EXPECT_THAT(model.shapes, UnorderedElementsAre(Pair("a", ShapeConfig{.dims = {{1, 1}, {2, 2}}}),
                                                 Pair("b", ShapeConfig{.automatic = true}),
                                                 Pair("c", ShapeConfig{.dims = {{1, 1}, {}, {2, 3}}})));
}

TEST(ModelSettingsTest, EveryProblemOfAShapeIsFound) {
  ModelConfig model;
  EXPECT_THAT(Set("shape", R"json({"a": "(x)", "b": 7, "c": [1, 0.5]})json", model),
              ElementsAre(HasSubstr("--shape.a: 'x' is not a dimension"),
                          HasSubstr("--shape.b: expected a string, got a number"),
                          HasSubstr("--shape.c[1]: '0.5' is not a dimension")));
}

TEST(ModelSettingsTest, VersionPolicies) {
  ModelConfig model;
  EXPECT_THAT(Set("model_version_policy", R"({"latest": {"num_versions": 3}})", model), IsEmpty());
  EXPECT_EQ(model.version_policy, (VersionPolicy{VersionPolicy::Kind::kLatest, 3, {}}));
  EXPECT_THAT(Set("model_version_policy", R"({"all": {}})", model), IsEmpty());
  EXPECT_EQ(model.version_policy.kind, VersionPolicy::Kind::kAll);
  EXPECT_THAT(Set("model_version_policy", R"({"specific": {"versions": [5, 2, 5]}})", model), IsEmpty());
  EXPECT_EQ(model.version_policy.kind, VersionPolicy::Kind::kSpecific);
  EXPECT_THAT(model.version_policy.versions, ElementsAre(2, 5));
}

TEST(ModelSettingsTest, WrongVersionPolicies) {
  const struct {
    const char* text;
    const char* problem;
  } kCases[] = {
      {R"({"latest": {"num_versions": 0}})",
       "--model_version_policy.latest.num_versions: expected an integer from 1, got 0"},
      {R"({"latest": {"count": 1}})", "--model_version_policy.latest.count: unknown key"},
      {R"({"newest": {}})", "--model_version_policy.newest: unknown policy"},
      {R"({"specific": {"versions": []}})", "names no version"},
      {R"({"specific": {"versions": [-1]}})",
       "--model_version_policy.specific.versions[0]: expected an integer from 1"},
      {R"({"all": {}, "latest": {}})", "exactly one of latest, specific, all, got 2"},
      {R"({})", "exactly one of latest, specific, all, got 0"},
      {"all", "expected an object, got a string"},
      {R"({"all": )", "is not valid JSON"},
  };
  for (const auto& [text, problem] : kCases) {
    ModelConfig model;
    EXPECT_THAT(Set("model_version_policy", text, model), testing::Contains(HasSubstr(problem))) << text;
  }
}

TEST(ModelSettingsTest, PluginConfigBecomesText) {
  ModelConfig model;
  EXPECT_THAT(Set("plugin_config", R"({"NUM_STREAMS": 2, "PERF_COUNT": true, "PERFORMANCE_HINT": "LATENCY"})", model),
              IsEmpty());
  EXPECT_THAT(model.plugin_config, UnorderedElementsAre(Pair("NUM_STREAMS", "2"), Pair("PERF_COUNT", "YES"),
                                                        Pair("PERFORMANCE_HINT", "LATENCY")));
  EXPECT_THAT(Set("plugin_config", R"({"A": null, "B": {}})", model),
              ElementsAre(HasSubstr("--plugin_config.A: expected a string, got null"), HasSubstr("--plugin_config.B")));
}

TEST(ModelSettingsTest, TheRest) {
  ModelConfig model;
  for (const auto& [name, text] :
       std::vector<std::pair<const char*, const char*>>{{"name", "m"},
                                                        {"base_path", "/models/m"},
                                                        {"layout", "NHWC:NCHW"},
                                                        {"version_labels", R"({"stable": 3})"},
                                                        {"nireq", "4"},
                                                        {"queue_size", "0"},
                                                        {"target_device", "AUTO"},
                                                        {"cpu_extension", "/a.so::/b.so"}}) {
    EXPECT_THAT(Set(name, text, model), IsEmpty()) << name;
  }
  const ModelConfig expected = {.name = "m",
                                .base_path = "/models/m",
                                .layouts = {{"", "NHWC:NCHW"}},
                                .version_labels = {{"stable", 3}},
                                .nireq = 4,
                                .target_device = "AUTO",
                                .queue_size = 0,
                                .cpu_extensions = {"/a.so", "/b.so"}};
  EXPECT_EQ(model, expected);
}

TEST(ModelSettingsTest, TextThatNeedsQuotingArrivesWhole) {
  ModelConfig model;
  EXPECT_THAT(Set("base_path", "/a \"b\"\\c\td\xc3\xa9", model), IsEmpty());
  EXPECT_EQ(model.base_path, "/a \"b\"\\c\td\xc3\xa9");
}

TEST(ModelSettingsTest, ALabelHasAName) {
  ModelConfig model;
  EXPECT_THAT(Set("version_labels", R"({"": 1, "stable": 2})", model),
              ElementsAre("--version_labels.: an empty label; give it a name, or leave it out"));
}

TEST(ModelSettingsTest, ShapeWinsOverBatchSize) {
  ModelConfig model = {.name = "m", .batch_size = Range{2, 2}, .shapes = {{"", ShapeConfig{.automatic = true}}}};
  std::vector<std::string> warnings;
  SettleModel(model, warnings);
  EXPECT_EQ(model.batch_size, std::nullopt);
  EXPECT_THAT(
      warnings,
      ElementsAre("Both shape and batch_size parameters are set for model: m. Assuming that model is reshapable - "
                  "batch_size will be ignored"));
}

}  // namespace
}  // namespace lamina::server
