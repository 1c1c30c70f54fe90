#include "server/config/model_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ModelList Parse(const std::string& json, const ModelConfig& defaults = {}) {
  absl::StatusOr<ModelList> list = ParseModelList(json, defaults);
  EXPECT_TRUE(list.ok()) << list.status();
  return list.ok() ? *list : ModelList{};
}

TEST(ModelListTest, ReadsAnOldFileAsItIs) {
  const ModelList list = Parse(R"({"model_config_list": [
    {"config": {"name": "resnet", "base_path": "/opt/ml/resnet", "batch_size": "auto",
                "model_version_policy": {"latest": {"num_versions": 2}}}},
    {"config": {"name": "age", "base_path": "/opt/ml/age", "batch_size": 4, "nireq": 2, "target_device": "CPU",
                "plugin_config": {"CPU_THROUGHPUT_STREAMS": "8"}, "cpu_extension": ["/opt/ml/a.so", "/opt/ml/b.so"]}}]})");
  EXPECT_THAT(list.problems, IsEmpty());
  ASSERT_EQ(list.models.size(), 2u);
  EXPECT_EQ(list.models[0].batch_size, DimensionRange{});
  EXPECT_EQ(list.models[0].version_policy.num_versions, 2);
  EXPECT_EQ(list.models[1].batch_size, (DimensionRange{4, 4}));
  EXPECT_EQ(list.models[1].nireq, 2);
  EXPECT_EQ(list.models[1].plugin_config.at("NUM_STREAMS"), "8");
  EXPECT_THAT(list.models[1].cpu_extensions, ElementsAre("/opt/ml/a.so", "/opt/ml/b.so"));
  EXPECT_THAT(list.warnings, ElementsAre(HasSubstr("NUM_STREAMS")));
}

TEST(ModelListTest, ModelsStartAsTheDefaults) {
  ModelConfig defaults;
  defaults.nireq = 1;
  defaults.target_device = "AUTO";
  const ModelList list = Parse(R"({"model_config_list": [{"config": {"name": "m", "base_path": "/m"}}]})", defaults);
  ASSERT_EQ(list.models.size(), 1u);
  EXPECT_EQ(list.models[0].nireq, 1);
  EXPECT_EQ(list.models[0].target_device, "AUTO");
}

TEST(ModelListTest, ABadEntryLeavesTheOthers) {
  const ModelList list = Parse(R"({"model_config_list": [
    {"config": {"name": "a", "base_path": "/a", "nirek": 2, "batch_size": []}},
    {"config": {"base_path": "/b"}},
    {"config": {"name": "c", "base_path": "/c"}},
    {"config": {"name": "c", "base_path": "/d"}},
    {"confg": {}},
    7]})");
  ASSERT_EQ(list.models.size(), 1u);
  EXPECT_EQ(list.models[0].base_path, "/c");
  EXPECT_THAT(
      list.problems,
      ElementsAre(
          "model_config_list[0].config.nirek: unknown key; did you mean 'nireq'?",
          "model_config_list[0].config.batch_size: expected a string, got an array",
          "model_config_list[0]: model 'a' is left out", HasSubstr("model_config_list[1]: 'name' is missing"),
          "model_config_list[1]: this entry is left out", HasSubstr("'c' is taken by model_config_list[2]"),
          "model_config_list[3]: model 'c' is left out", HasSubstr("model_config_list[4].confg: unknown key"),
          HasSubstr("model_config_list[4]: 'config' is missing"), "model_config_list[4]: this entry is left out",
          "model_config_list[5]: expected an object, got a number", "model_config_list[5]: this entry is left out"));
}

TEST(ModelListTest, UnknownAndDoubleKeysAreProblemsWithTheirPath) {
  const ModelList list =
      Parse(R"({"graphs": ["g"], "model_config_list": [{"config": {"name": "m", "name": "n", "base_path": "/m"}}]})");
  EXPECT_THAT(list.models, IsEmpty());
  EXPECT_THAT(list.problems, ElementsAre(HasSubstr("graphs: unknown key"),
                                         HasSubstr("model_config_list[0].config.name: the key is there twice"),
                                         HasSubstr("model 'm' is left out")));
}

TEST(ModelListTest, SectionsOfOpenVinoModelServerThatAskForNothingAreTaken) {
  const ModelList list = Parse(
      R"({"monitoring": {"metrics": {"enable": true}}, "mediapipe_config_list": [], "pipeline_config_list": [{}],
          "model_config_list": [{"config": {"name": "m", "base_path": "/m"}}]})");
  EXPECT_EQ(list.models.size(), 1u);
  EXPECT_THAT(list.warnings, ElementsAre(HasSubstr("monitoring: is ignored")));
  EXPECT_THAT(list.problems, ElementsAre(HasSubstr("pipeline_config_list: unknown key")));
}

TEST(ModelListTest, WhatIsNoListIsAnError) {
  for (const char* json : {"", "{", "[]", "{}", R"({"model_config_list": {}})", R"({"models": []})"}) {
    EXPECT_FALSE(ParseModelList(json, {}).ok()) << json;
  }
  const ModelList empty = Parse(R"({"model_config_list": []})");
  EXPECT_TRUE(empty.models.empty());
  EXPECT_THAT(empty.warnings, ElementsAre(HasSubstr("model_config_list is empty")));
}

TEST(ModelListTest, TheFileIsNamedInItsErrors) {
  const std::string path = testing::TempDir() + "/model_list_test.json";
  EXPECT_THAT(std::string(ReadModelList(path + ".missing", {}).status().message()),
              HasSubstr(path + ".missing: cannot be read"));
  std::ofstream(path) << "";
  EXPECT_THAT(std::string(ReadModelList(path, {}).status().message()), HasSubstr(path + " is empty; write"));
  EXPECT_THAT(std::string(ReadModelList(testing::TempDir(), {}).status().message()), HasSubstr("Is a directory"));
  EXPECT_EQ(std::string(ReadModelList("/dev/zero", {}).status().message()),
            "/dev/zero is a device, expected a regular file; put one there");
  std::ofstream(path) << "{\n  \"model_config_list\": [\n  ],\n}\n";
  EXPECT_EQ(std::string(ReadModelList(path, {}).status().message()),
            path +
                ": not valid JSON: expected a key in double quotes, got } behind a comma, which is one too many, at "
                "line 4, column 1");
  std::ofstream(path) << R"({"model_config_list": [{"config": {"name": "m", "base_path": "/m"}}]})";
  EXPECT_EQ(ReadModelList(path, {})->models.size(), 1u);
}

TEST(WholeModelListTest, IsTakenOrRefusedAsAWhole) {
  const auto models = ParseWholeModelList(R"({"model_config_list": [{"config": {"name": "b", "base_path": "/b"}},
                                             {"config": {"name": "a", "base_path": "/a"}}]})",
                                          "/c.json", ModelConfig{.nireq = 3});
  ASSERT_TRUE(models.ok()) << models.status();
  ASSERT_EQ(models->size(), 2u);
  EXPECT_EQ(models->at("a"), (ModelConfig{.name = "a", .base_path = "/a", .nireq = 3}));
  const auto bad = ParseWholeModelList(R"({"model_config_list": [{"config": {"name": "b", "nirek": 1}},
                                          {"config": {"name": "a", "base_path": 5}}]})",
                                       "/c.json", {});
  EXPECT_THAT(
      std::string(bad.status().message()),
      testing::AllOf(testing::StartsWith("/c.json: model_config_list[0].config.nirek: unknown key"),
                     testing::HasSubstr("model_config_list[1].config.base_path: expected a string"),
                     testing::HasSubstr("nothing is changed"), testing::Not(testing::HasSubstr("is left out"))));
  EXPECT_THAT(std::string(ParseWholeModelList("{}", "/c.json", {}).status().message()),
              testing::AllOf(testing::StartsWith("/c.json: 'model_config_list' is missing"),
                             testing::EndsWith("; nothing is changed")));
}

}  // namespace
}  // namespace lamina::server
