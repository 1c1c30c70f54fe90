#include "server/protocols/kserve/repository_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/protocols/http/fake_core.h"
#include "server/protocols/http/testing.h"

namespace lamina::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RepositoryRoutesTest : public ::testing::Test {
 protected:
  RepositoryRoutesTest() { AddKserveRepositoryRoutes(core_, router_); }

  testing::Reply Send(const std::string& method, const std::string& path, const std::string& body = "") {
    return testing::Send([this](std::unique_ptr<HttpExchange> exchange) { router_.Handle(std::move(exchange)); },
                         {.method = method, .path = path, .body = body});
  }

  testing::FakeCore core_;
  Router router_;
};

TEST_F(RepositoryRoutesTest, Index) {
  const std::string ready = R"({"name":"m","version":"3","state":"READY","reason":""})";
  const std::string failed = R"({"name":"m","version":"4","state":"UNAVAILABLE","reason":"no layer X"})";
  EXPECT_EQ(Send("POST", "/v2/repository/index").body, "[" + ready + "," + failed + "]");
  EXPECT_EQ(Send("POST", "/v2/repository/index", R"({"ready": true, "x": 1})").body, "[" + ready + "]");
  const testing::Reply wrong = Send("POST", "/v2/repository/index", R"({"ready": 1})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr("Invalid JSON in request body"));
}

TEST_F(RepositoryRoutesTest, LoadAndUnload) {
  EXPECT_EQ(Send("POST", "/v2/repository/models/m/load").body, "{}");
  const std::string config = R"({"parameters": {"config": "{\"nireq\": 2}"}})";
  EXPECT_EQ(Send("POST", "/v2/repository/models/a%2Fb/load", config).status, 200);
  EXPECT_EQ(Send("POST", "/v2/repository/models/m/unload", R"({"parameters": {"unload_dependents": false}})").status,
            200);
  EXPECT_THAT(core_.changes, ElementsAre("load m as configured", "load a/b {\"nireq\": 2}", "unload m"));
}

TEST_F(RepositoryRoutesTest, ChangesThatAreRefused) {
  const testing::Reply file =
      Send("POST", "/v2/repository/models/m/load", R"({"parameters": {"file:1/m.onnx": "AA"}})");
  EXPECT_EQ(file.status, 501);
  EXPECT_THAT(file.body, HasSubstr("file:1/m.onnx cannot be taken"));
  const testing::Reply list = Send("POST", "/v2/repository/models/m/load", R"({"parameters": {"config": []}})");
  EXPECT_EQ(list.status, 400);
  EXPECT_THAT(list.body, HasSubstr("parameters.config"));
  EXPECT_EQ(Send("POST", "/v2/repository/models/m/unload", R"({"parameters": {"force": true}})").status, 400);
  EXPECT_EQ(Send("POST", "/v2/repository/models/m/unload", "nothing").status, 400);
  EXPECT_THAT(core_.changes, IsEmpty());
  core_.change = absl::NotFoundError("no model 'm' to unload");
  const testing::Reply unknown = Send("POST", "/v2/repository/models/m/unload");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, R"({"error":"no model 'm' to unload"})");
}

TEST_F(RepositoryRoutesTest, Statistics) {
  for (const char* path : {"/v2/models/stats", "/v2/models/m/stats", "/v2/models/m/versions/3/stats"}) {
    const std::string body = Send("GET", path).body;
    EXPECT_THAT(body,
                HasSubstr(R"({"model_stats":[{"name":"m","version":"3","last_inference":9,"inference_count":6,)"));
    EXPECT_THAT(body, HasSubstr(R"("success":{"count":2,"ns":50})"));
    EXPECT_THAT(body, HasSubstr(R"("batch_stats":[{"batch_size":3,"compute_input":{"count":2,"ns":1},)"));
  }
  EXPECT_EQ(Send("GET", "/v2/models/nobody/stats").status, 404);
}

}  // namespace
}  // namespace lamina::server
