#include "server/engine/compile_properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::map<std::string, std::string> Properties(std::map<std::string, std::string> plugin_config,
                                              const std::string& cache = "") {
  ModelConfig config;
  config.plugin_config = std::move(plugin_config);
  return CompileProperties(config, cache);
}

TEST(CompilePropertiesTest, PinsF32AndAsksForThroughput) {
  EXPECT_THAT(Properties({}),
              ElementsAre(Pair("INFERENCE_PRECISION_HINT", "f32"), Pair("PERFORMANCE_HINT", "THROUGHPUT")));
}

TEST(CompilePropertiesTest, TheModelsOwnWordWins) {
  EXPECT_THAT(Properties({{"INFERENCE_PRECISION_HINT", "bf16"}, {"PERFORMANCE_HINT", "LATENCY"}}),
              ElementsAre(Pair("INFERENCE_PRECISION_HINT", "bf16"), Pair("PERFORMANCE_HINT", "LATENCY")));
  EXPECT_THAT(Properties({{"NUM_STREAMS", "4"}}),
              ElementsAre(Pair("INFERENCE_PRECISION_HINT", "f32"), Pair("NUM_STREAMS", "4")));
}

TEST(CompilePropertiesTest, NamesTheCache) {
  EXPECT_THAT(Properties({}, "/var/cache/lamina"), testing::Contains(Pair("CACHE_DIR", "/var/cache/lamina")));
}

}  // namespace
}  // namespace lamina::server
