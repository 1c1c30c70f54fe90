#include "cli/serve_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace lamina::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;
using Variables = std::map<std::string, std::string>;

/// What a command line leads to: `line` as a shell would split it, `more` as it is.
ServeFlags::Result Parse(const std::string& line, const Variables& variables = {}, int64_t default_nireq = 0,
                         const std::vector<std::string>& more = {}) {
  CLI::App app;
  ServeFlags flags;
  flags.AddTransport(app);
  flags.AddConfigPath(app);
  flags.AddModel(app);
  flags.AddLayers(app);
  flags.AddRest(app);
  flags.AddSecurity(app);
  flags.set_default_nireq(default_nireq);
  std::vector<std::string> arguments = CLI::detail::split_up(line);
  for (std::string& argument : arguments) CLI::detail::remove_quotes(argument);
  arguments.insert(arguments.end(), more.begin(), more.end());
  std::reverse(arguments.begin(), arguments.end());
  app.parse(arguments);
  return flags.Resolve([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

std::string WriteConfig(const std::string& json) {
  std::string path = testing::TempDir() + "/serve_flags_test_" +
                     testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
  std::ofstream(path) << json;
  return path;
}

TEST(ServeFlagsTest, AModelWithTheDefaultsOf2019) {
  const auto result = Parse("--model_name m --model_path /models/m");
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.config.transport.grpc_port, 9000);
  EXPECT_EQ(result.config.transport.rest_port, 0);
  EXPECT_EQ(result.config.transport.grpc_workers, 1);
  EXPECT_EQ(result.config.transport.rest_workers, 1);
  EXPECT_EQ(result.config.transport.busy_poll_us, 200);
  EXPECT_EQ(result.config.extensions.libraries, std::nullopt);
  ASSERT_EQ(result.config.model_list.size(), 1u);
  EXPECT_EQ(result.config.model_list[0], (server::ModelConfig{.name = "m", .base_path = "/models/m"}));
}

TEST(ServeFlagsTest, EveryFlag) {
  const auto result = Parse(
      "--model_name m --model_path /m --port 9001 --grpc_workers 4 --rest_workers 2 --busy_poll_us 0 --batch_size auto "
      "--nireq 3 "
      "--target_device AUTO "
      "--layout NHWC:NCHW --plugin_config '{\"NUM_STREAMS\": 2}' --model_version_policy '{\"all\": {}}' "
      "--cpu_extension /a.so:/b.so "
      "--cpu_extension /c.so --grpc_bind_address 127.0.0.1 --log_level debug --log_path /tmp/log --cache_dir "
      "/tmp/cache "
      "--file_system_poll_wait_seconds 0.5");
  EXPECT_THAT(result.errors, IsEmpty());
  const server::ServerConfig& config = result.config;
  EXPECT_EQ(config.transport.grpc_port, 9001);
  EXPECT_EQ(config.transport.grpc_workers, 4);
  EXPECT_EQ(config.transport.rest_workers, 2);
  EXPECT_EQ(config.transport.busy_poll_us, 0);
  EXPECT_EQ(config.transport.grpc_bind_address, "127.0.0.1");
  EXPECT_EQ(config.log.level, server::LogConfig::Level::kDebug);
  EXPECT_EQ(config.log.path, "/tmp/log");
  EXPECT_EQ(config.models.cache_dir, "/tmp/cache");
  EXPECT_EQ(config.models.poll_interval_s, 0.5);
  EXPECT_THAT(config.extensions.libraries, Optional(ElementsAre("/a.so", "/b.so", "/c.so")));
  const server::ModelConfig expected = {.name = "m",
                                        .base_path = "/m",
                                        .batch_size = server::DimensionRange{},
                                        .layouts = {{"", "NHWC:NCHW"}},
                                        .version_policy = {.kind = server::VersionPolicy::Kind::kAll},
                                        .nireq = 3,
                                        .target_device = "AUTO",
                                        .plugin_config = {{"NUM_STREAMS", "2"}}};
  EXPECT_EQ(config.model_list[0], expected);
}

TEST(ServeFlagsTest, Tls) {
  const std::string line = "--model_name m --model_path /m --tls_certificate_file c.pem ";
  const auto result =
      Parse(line + "--tls_key_file k.pem --tls_client_ca_file ca.pem", {{"LAMINA_TLS_CERTIFICATE_FILE", "other.pem"}});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.config.transport.tls.certificate_file, "c.pem");
  EXPECT_EQ(result.config.transport.tls.key_file, "k.pem");
  EXPECT_EQ(result.config.transport.tls.client_ca_file, "ca.pem");
  EXPECT_THAT(Parse(line).errors, testing::ElementsAre(HasSubstr("tls_key_file: is missing")));
}

TEST(ServeFlagsTest, WhoMayAsk) {
  const auto result =
      Parse("--model_name m --model_path /m --auth_token_file t --rest_cors_origins https://a.b,http://c");
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.config.transport.auth_token_file, "t");
  EXPECT_THAT(result.config.transport.cors_origins, ElementsAre("https://a.b", "http://c"));
}

TEST(ServeFlagsTest, FlagsWinOverTheEnvironment) {
  const Variables variables = {{"CPU_EXTENSION", "/env.so"}, {"DEVICE", "HETERO:CPU"}, {"LOG_LEVEL", "ERROR"}};
  auto result = Parse("--model_name m --model_path /m", variables);
  EXPECT_THAT(result.config.extensions.libraries, Optional(ElementsAre("/env.so")));
  EXPECT_EQ(result.config.model_list[0].target_device, "HETERO:CPU");
  EXPECT_EQ(result.config.log.level, server::LogConfig::Level::kError);
  result =
      Parse("--model_name m --model_path /m --cpu_extension /flag.so --target_device CPU --log_level INFO", variables);
  EXPECT_THAT(result.config.extensions.libraries, Optional(ElementsAre("/flag.so")));
  EXPECT_EQ(result.config.model_list[0].target_device, "CPU");
  EXPECT_EQ(result.config.log.level, server::LogConfig::Level::kInfo);
}

TEST(ServeFlagsTest, AnEmptyCpuExtensionIsNone) {
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--cpu_extension", ""}, {"--cpu_extension="}}) {
    const auto result = Parse("--model_name m --model_path /m", {{"CPU_EXTENSION", "/env.so"}}, 0, more);
    EXPECT_THAT(result.errors, IsEmpty());
    EXPECT_THAT(result.config.extensions.libraries, Optional(IsEmpty()));
  }
}

TEST(ServeFlagsTest, ModelsOfAFileStartWithTheDefaults) {
  const std::string path = WriteConfig(R"({"model_config_list": [{"config": {"name": "a", "base_path": "/a"}},
                                            {"config": {"name": "b", "base_path": "/b", "nireq": 5, "nam": 1}},
                                            {"config": {"name": "c", "base_path": "/c", "nireq": 5, "target_device": "CPU"}}]})");
  const auto result = Parse("--config_path " + path, {{"DEVICE", "AUTO"}}, 1);
  EXPECT_THAT(result.errors, IsEmpty()) << "one bad model does not stop the others";
  ASSERT_EQ(result.config.model_list.size(), 2u);
  EXPECT_EQ(result.config.config_path, path);
  EXPECT_EQ(result.config.model_list[0].nireq, 1);
  EXPECT_EQ(result.config.model_list[0].target_device, "AUTO");
  EXPECT_EQ(result.config.model_list[1].nireq, 5);
  EXPECT_EQ(result.config.model_list[1].target_device, "CPU");
  EXPECT_THAT(result.config.problems,
              ElementsAre(HasSubstr("model_config_list[1].config.nam: unknown key"), HasSubstr("'b' is left out")));
}

TEST(ServeFlagsTest, EveryErrorIsFound) {
  const auto result = Parse(
      "--model_name m --model_path s3://b --port 70000 --rest_port -1 --grpc_workers 0 --nireq some --batch_size x",
      {{"FILE_SYSTEM_POLL_WAIT_SECONDS", "often"}});
  EXPECT_THAT(result.errors, ElementsAre(HasSubstr("FILE_SYSTEM_POLL_WAIT_SECONDS"), HasSubstr("--batch_size: 'x'"),
                                         HasSubstr("--nireq:"), HasSubstr("port: 70000"), HasSubstr("rest_port: -1"),
                                         HasSubstr("grpc_workers")));
  EXPECT_THAT(Parse("--model_name m --model_path s3://b").errors, ElementsAre(HasSubstr("remote storage")));
}

TEST(ServeFlagsTest, AModelIsNeededAndComesFromOnePlace) {
  EXPECT_THAT(Parse("").errors, ElementsAre(HasSubstr("no model is given")));
  EXPECT_THAT(Parse("--model_name m").errors, ElementsAre(HasSubstr("--model_path: is missing")));
  EXPECT_THAT(Parse("--model_path m", {}, 0, {"--model_name", ""}).errors,
              ElementsAre(HasSubstr("--model_name: is empty")));
  EXPECT_THAT(Parse("--model_path m").errors, ElementsAre(HasSubstr("--model_name: is missing")));
  EXPECT_THAT(Parse("--model_name m --model_path /m --config_path /c.json").errors, ElementsAre(HasSubstr("not both")));
  EXPECT_THAT(Parse("--config_path /no/such.json").errors,
              ElementsAre(HasSubstr("/no/such.json: cannot be read: No such file")));
}

TEST(ServeFlagsTest, ASecondPort) {
  const auto result = Parse("--model_name m --model_path /m --port 9001 --rest_port 8001 --rest_bind_address ::1");
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.config.warnings, IsEmpty());
  EXPECT_EQ(result.config.transport.rest_port, 8001);
  EXPECT_EQ(result.config.transport.rest_bind_address, "::1");
}

TEST(ServeFlagsTest, UnknownFlagsAreRefused) { EXPECT_THROW(Parse("--model_nam m"), CLI::ParseError); }

}  // namespace
}  // namespace lamina::cli
