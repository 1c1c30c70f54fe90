#include "server/protocols/tfserving/config_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "server/protocols/http/fake_core.h"
#include "server/protocols/http/testing.h"

namespace lamina::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ConfigRoutesTest, TheStateOfEveryModelAndReadingAgain) {
  testing::FakeCore core;
  Router router;
  AddConfigRoutes(core, router);
  const auto handle = [&](std::unique_ptr<HttpExchange> exchange) { router.Handle(std::move(exchange)); };
  const testing::Reply config = testing::Send(handle, {.path = "/v1/config"});
  EXPECT_EQ(config.status, 200);
  EXPECT_THAT(config.body, StartsWith(R"({"m":{"model_version_status":[{)"));
  EXPECT_THAT(config.body, HasSubstr(R"("state":"AVAILABLE")"));
  EXPECT_THAT(config.body, HasSubstr("no layer X"));
  const testing::Reply reload = testing::Send(handle, {.method = "POST", .path = "/v1/config/reload"});
  EXPECT_EQ(reload.status, 200);
  EXPECT_EQ(reload.body, config.body);
  core.change = absl::InvalidArgumentError("nirek: unknown key");
  const testing::Reply broken = testing::Send(handle, {.method = "POST", .path = "/v1/config/reload"});
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(broken.body, R"({"error":"nirek: unknown key"})");
  EXPECT_THAT(core.changes, ElementsAre("reload", "reload"));
}

}  // namespace
}  // namespace lamina::server
