#include "server/config/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

struct Result {
  ServerConfig config;
  ModelConfig defaults;
  std::vector<std::string> problems;
};

Result Read(const std::map<std::string, std::string>& variables) {
  Result result;
  const auto get = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  result.problems = ReadEnvironment(get, result.config, result.defaults);
  return result;
}

TEST(EnvironmentTest, NothingSetLeavesTheDefaults) {
  const Result result = Read({});
  EXPECT_THAT(result.problems, IsEmpty());
  EXPECT_EQ(result.config.extensions.libraries, std::nullopt);
  EXPECT_EQ(result.config.models.poll_interval_s, 1);
  EXPECT_EQ(result.config.models.queue_timeout_s, 5);
  EXPECT_EQ(result.config.transport.rest_queue_size, 100);
  EXPECT_EQ(result.config.log.level, LogConfig::Level::kInfo);
  EXPECT_EQ(result.defaults.target_device, "CPU");
}

TEST(EnvironmentTest, EveryVariable) {
  const Result result = Read({{"CPU_EXTENSION", "/opt/ml/a.so:/opt/ml/b.so"},
                              {"DEVICE", "HETERO:CPU"},
                              {"LOG_LEVEL", "debug"},
                              {"LOG_PATH", "/tmp/x.log"},
                              {"LAMINA_AUTH_TOKEN_FILE", "/tls/tokens"},
                              {"LAMINA_REST_CORS_ORIGINS", "https://a.example, http://b.example:8080"},
                              {"LAMINA_TLS_CERTIFICATE_FILE", "/tls/c.pem"},
                              {"LAMINA_TLS_KEY_FILE", "/tls/k.pem"},
                              {"LAMINA_TLS_CLIENT_CA_FILE", "/tls/ca.pem"},
                              {"FILE_SYSTEM_POLL_WAIT_SECONDS", "0.25"},
                              {"ENGINE_REQUESTS_QUEUE_TIMEOUT", "7"},
                              {"REST_REQUESTS_QUEUE_SIZE", "12"}});
  EXPECT_THAT(result.problems, IsEmpty());
  EXPECT_THAT(result.config.extensions.libraries, Optional(ElementsAre("/opt/ml/a.so", "/opt/ml/b.so")));
  EXPECT_EQ(result.defaults.target_device, "HETERO:CPU");
  EXPECT_EQ(result.config.log.level, LogConfig::Level::kDebug);
  EXPECT_EQ(result.config.log.path, "/tmp/x.log");
  EXPECT_EQ(result.config.models.poll_interval_s, 0.25);
  EXPECT_EQ(result.config.models.queue_timeout_s, 7);
  EXPECT_EQ(result.config.transport.rest_queue_size, 12);
  EXPECT_EQ(result.config.transport.auth_token_file, "/tls/tokens");
  EXPECT_THAT(result.config.transport.cors_origins, ElementsAre("https://a.example", "http://b.example:8080"));
  EXPECT_EQ(result.config.transport.tls.certificate_file, "/tls/c.pem");
  EXPECT_EQ(result.config.transport.tls.key_file, "/tls/k.pem");
  EXPECT_EQ(result.config.transport.tls.client_ca_file, "/tls/ca.pem");
}

TEST(EnvironmentTest, AnEmptyCpuExtensionDisablesExtensions) {
  EXPECT_THAT(Read({{"CPU_EXTENSION", ""}}).config.extensions.libraries, Optional(IsEmpty()));
}

TEST(EnvironmentTest, AnUnknownLogLevelIsInfo) {
  EXPECT_EQ(ParseLogLevel("Error"), LogConfig::Level::kError);
  EXPECT_EQ(ParseLogLevel("warning"), LogConfig::Level::kWarning);
  EXPECT_EQ(ParseLogLevel("trace"), LogConfig::Level::kTrace);
  EXPECT_EQ(ParseLogLevel("LOUD"), LogConfig::Level::kInfo);
}

TEST(EnvironmentTest, EveryProblemIsFound) {
  const Result result = Read({{"FILE_SYSTEM_POLL_WAIT_SECONDS", "often"},
                              {"ENGINE_REQUESTS_QUEUE_TIMEOUT", "inf"},
                              {"REST_REQUESTS_QUEUE_SIZE", "1.5"}});
  EXPECT_THAT(result.problems, ElementsAre(HasSubstr("FILE_SYSTEM_POLL_WAIT_SECONDS: 'often'"),
                                           HasSubstr("ENGINE_REQUESTS_QUEUE_TIMEOUT: 'inf'"),
                                           HasSubstr("REST_REQUESTS_QUEUE_SIZE: '1.5'")));
}

}  // namespace
}  // namespace lamina::server
