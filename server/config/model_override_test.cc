#include "server/config/model_override.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const ModelConfig kBase{.name = "m", .base_path = "/models/m", .nireq = 2};

std::string Problems(const std::string& json, const ModelConfig& base = kBase) {
  return std::string(ParseModelOverride(json, base).status().message());
}

TEST(ModelOverrideTest, SettingsGoOverTheBase) {
  const auto model = ParseModelOverride(R"({"nireq": 4, "version_labels": {"stable": 3}, "name": "m"})", kBase);
  ASSERT_TRUE(model.ok()) << model.status();
  const ModelConfig expected{.name = "m", .base_path = "/models/m", .version_labels = {{"stable", 3}}, .nireq = 4};
  EXPECT_EQ(*model, expected);
  EXPECT_EQ(*ParseModelOverride("{}", kBase), kBase);
}

TEST(ModelOverrideTest, EveryProblemIsFound) {
  EXPECT_THAT(
      Problems(R"({"nirek": 4, "queue_size": "many"})"),
      AllOf(HasSubstr("nirek: unknown key; did you mean 'nireq'?"), HasSubstr("queue_size: expected an integer")));
  EXPECT_THAT(Problems("{"), HasSubstr("not valid JSON"));
  EXPECT_THAT(Problems("[]"), HasSubstr("expected an object, got an array"));
  EXPECT_THAT(Problems("{}", ModelConfig{.name = "new"}), HasSubstr("'base_path' is missing"));
  EXPECT_THAT(Problems(R"({"base_path": "s3://bucket/m"})"), HasSubstr("remote storage"));
}

TEST(ModelOverrideTest, TheNameStays) { EXPECT_THAT(Problems(R"({"name": "n"})"), HasSubstr("'n' is not the model")); }

TEST(ModelOverrideTest, LibrariesAreNotForClientsToName) {
  EXPECT_THAT(Problems(R"({"cpu_extension": "/tmp/evil.so"})"),
              HasSubstr("cpu_extension: libraries of layers are named"));
}

TEST(ModelOverrideTest, PropertiesThatNameFilesAreNotForClientsToSet) {
  for (const char* name : {"CACHE_DIR", "WEIGHTS_PATH", "LOG_LEVEL", "DEVICE_PROPERTIES"}) {
    EXPECT_THAT(Problems(std::string(R"({"plugin_config": {")") + name + R"(": "/tmp/any"}})"),
                HasSubstr(std::string("plugin_config: '") + name + "' is not for clients to set"));
  }
  EXPECT_THAT(Problems(R"({"plugin_config": {"NUM_STREAM": 2}})"), HasSubstr("did you mean 'NUM_STREAMS'?"));
  ModelConfig base = kBase;
  base.plugin_config = {{"CACHE_DIR", "/cache"}};
  EXPECT_EQ(ParseModelOverride(R"({"nireq": 4})", base)->plugin_config, base.plugin_config) << "config.json's stay";
  const auto tuned = ParseModelOverride(R"({"plugin_config": {"CPU_THROUGHPUT_STREAMS": "2"}})", base);
  ASSERT_TRUE(tuned.ok()) << tuned.status();
  EXPECT_EQ(tuned->plugin_config, (std::map<std::string, std::string>{{"NUM_STREAMS", "2"}}));
}

}  // namespace
}  // namespace lamina::server
