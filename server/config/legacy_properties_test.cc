#include "server/config/legacy_properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using Properties = std::map<std::string, std::string>;

TEST(LegacyPropertiesTest, ReplacesOldNamesAndValues) {
  Properties properties = {
      {"CPU_THROUGHPUT_STREAMS", "CPU_THROUGHPUT_AUTO"}, {"CPU_THREADS_NUM", "4"}, {"CPU_BIND_THREAD", "NUMA"}};
  std::vector<std::string> warnings;
  ReplaceLegacyProperties(properties, warnings);
  EXPECT_THAT(properties, ElementsAre(Pair("ENABLE_CPU_PINNING", "YES"), Pair("INFERENCE_NUM_THREADS", "4"),
                                      Pair("NUM_STREAMS", "AUTO")));
  EXPECT_EQ(warnings.size(), 3u);
}

TEST(LegacyPropertiesTest, TakesOutWhatHasNoSuccessor) {
  Properties properties = {{"DYN_BATCH_ENABLED", "YES"}};
  std::vector<std::string> warnings;
  ReplaceLegacyProperties(properties, warnings);
  EXPECT_TRUE(properties.empty());
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("DYN_BATCH_ENABLED=YES is ignored")));
}

TEST(LegacyPropertiesTest, LeavesTodaysPropertiesAlone) {
  Properties properties = {{"NUM_STREAMS", "2"}, {"PERFORMANCE_HINT", "LATENCY"}};
  const Properties before = properties;
  std::vector<std::string> warnings;
  ReplaceLegacyProperties(properties, warnings);
  EXPECT_EQ(properties, before);
  EXPECT_TRUE(warnings.empty());
}

TEST(LegacyPropertiesTest, TheNewNameWinsOverTheOld) {
  Properties properties = {{"NUM_STREAMS", "2"}, {"CPU_THROUGHPUT_STREAMS", "8"}};
  std::vector<std::string> warnings;
  ReplaceLegacyProperties(properties, warnings);
  EXPECT_THAT(properties, ElementsAre(Pair("NUM_STREAMS", "2")));
}

}  // namespace
}  // namespace lamina::server
