#include "server/config/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ValidateTest, DefaultsAreRight) { EXPECT_THAT(FindProblems(ServerConfig{}), IsEmpty()); }

TEST(ValidateTest, EveryProblemOfTheServerIsFound) {
  ServerConfig config;
  config.transport.grpc_port = 70000;
  config.transport.rest_port = -1;
  config.transport.grpc_bind_address = "127.0.0.1:9000";
  config.transport.rest_bind_address = "unix:";
  config.transport.grpc_workers = 0;
  config.transport.rest_workers = -3;
  config.transport.busy_poll_us = -1;
  config.transport.rest_queue_size = 0;
  config.models.queue_timeout_s = 0;
  EXPECT_THAT(FindProblems(config),
              ElementsAre(HasSubstr("port: 70000"), HasSubstr("rest_port: -1"),
                          HasSubstr("grpc_bind_address: '127.0.0.1:9000' has a port"),
                          HasSubstr("rest_bind_address: 'unix:' names no file"), HasSubstr("grpc_workers: got 0"),
                          HasSubstr("rest_workers: got -3"), HasSubstr("busy_poll_us: got -1"),
                          HasSubstr("REST_REQUESTS_QUEUE_SIZE: got 0"),
                          HasSubstr("ENGINE_REQUESTS_QUEUE_TIMEOUT")));
}

TEST(ValidateTest, OnePortForBothIsRefused) {
  ServerConfig config;
  config.transport.rest_port = config.transport.grpc_port;
  EXPECT_THAT(FindProblems(config), ElementsAre(HasSubstr("is the gRPC port")));
}

TEST(ValidateTest, AnAddressIsNamedOnce) {
  ServerConfig config;
  config.transport.grpc_bind_address = "127.0.0.1,unix:/run/a.sock";
  config.transport.rest_bind_address = "127.0.0.1,unix:/run/b.sock";
  EXPECT_THAT(FindProblems(config), IsEmpty());
  config.transport.rest_bind_address = "127.0.0.1,unix:/run/a.sock";
  EXPECT_THAT(FindProblems(config),
              ElementsAre(HasSubstr("rest_bind_address: 'unix:/run/a.sock' is named in grpc_bind_address, too")));
  config.transport.rest_bind_address = "::1,[::1]";
  EXPECT_THAT(FindProblems(config), ElementsAre(HasSubstr("rest_bind_address: '[::1]' is named twice; name it once")));
}

TEST(ValidateTest, TlsNeedsCertificateAndKey) {
  ServerConfig config;
  config.transport.tls = {.certificate_file = "c.pem", .key_file = "k.pem", .client_ca_file = "ca.pem"};
  EXPECT_THAT(FindProblems(config), IsEmpty());
  config.transport.tls = {.certificate_file = "c.pem"};
  EXPECT_THAT(FindProblems(config), ElementsAre(HasSubstr("tls_key_file: is missing")));
  config.transport.tls = {.key_file = "k.pem"};
  EXPECT_THAT(FindProblems(config), ElementsAre(HasSubstr("tls_certificate_file: is missing; tls_key_file is of no")));
  config.transport.tls = {.client_ca_file = "ca.pem"};
  EXPECT_THAT(FindProblems(config), ElementsAre(HasSubstr("missing; tls_client_ca_file is of no use")));
}

TEST(ValidateTest, TimesAreAYearAtMost) {
  ServerConfig config;
  config.models = {.poll_interval_s = -1e300, .queue_timeout_s = 365 * 24 * 3600};
  EXPECT_THAT(FindProblems(config), IsEmpty());
  config.models = {.poll_interval_s = 1e10, .queue_timeout_s = 9.3e9};
  EXPECT_THAT(FindProblems(config),
              ElementsAre(HasSubstr("ENGINE_REQUESTS_QUEUE_TIMEOUT: got 9.3e+09; expected more than 0 seconds, and a "),
                          HasSubstr("file_system_poll_wait_seconds: got 1e+10; expected a year")));
}

TEST(ValidateTest, OriginsAreAsBrowsersWriteThem) {
  ServerConfig config;
  config.transport.cors_origins = {"*", "https://app.example:8443", "http://[::1]:80", "chrome-extension://abc"};
  EXPECT_THAT(FindProblems(config), IsEmpty());
  config.transport.cors_origins = {"app.example", "https://app.example/", "https://*.example", "https://App.example"};
  EXPECT_THAT(FindProblems(config),
              ElementsAre(HasSubstr("'app.example' is no origin"), HasSubstr("'https://app.example/'"),
                          HasSubstr("'https://*.example'"), HasSubstr("'https://App.example'")));
}

TEST(ValidateTest, EveryProblemOfAModelIsFound) {
  ModelConfig model;
  model.target_device.clear();
  EXPECT_THAT(FindProblems(model),
              ElementsAre(HasSubstr("'name'"), HasSubstr("'base_path'"), HasSubstr("target_device")));
  model = ModelConfig{.name = "a/b", .base_path = "s3://bucket/model"};
  EXPECT_THAT(FindProblems(model), ElementsAre(HasSubstr("'a/b'"), HasSubstr("s3://bucket/model")));
}

}  // namespace
}  // namespace lamina::server
