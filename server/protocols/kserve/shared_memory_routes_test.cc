#include "server/protocols/kserve/shared_memory_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/protocols/http/fake_core.h"
#include "server/protocols/http/testing.h"
#include "server/shared_memory/testing.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class SharedMemoryRoutesTest : public ::testing::Test {
 protected:
  SharedMemoryRoutesTest() { AddKserveSharedMemoryRoutes(core_, router_); }

  testing::Reply Send(const std::string& method, const std::string& path, const std::string& body = "") {
    return testing::Send([this](std::unique_ptr<HttpExchange> exchange) { router_.Handle(std::move(exchange)); },
                         {.method = method, .path = "/v2/systemsharedmemory" + path, .body = body});
  }

  /// What is wrong with a registration: its status and message.
  std::string Refused(const std::string& body) {
    const testing::Reply reply = Send("POST", "/region/r/register", body);
    return absl::StrCat(reply.status, " ", reply.body);
  }

  std::string Body(uint64_t offset, uint64_t byte_size) const {
    return absl::StrCat(R"({"key":")", object_.key(), R"(","offset":)", offset, R"(,"byte_size":)", byte_size, "}");
  }

  const testing::SharedObject object_{"0123456789"};
  testing::FakeCore core_;
  Router router_;
};

TEST_F(SharedMemoryRoutesTest, RegionsAreRegisteredAndForgotten) {
  EXPECT_EQ(Send("GET", "/status").body, "[]");
  EXPECT_EQ(Send("POST", "/region/a%2Fb/register", Body(2, 8)).body, "{}");
  EXPECT_EQ(Send("POST", "/region/b/register", R"({"key":")" + object_.key() + R"(","byte_size":10,"x":[1]})").body,
            "{}");
  const std::string a = R"({"name":"a/b","key":")" + object_.key() + R"(","offset":2,"byte_size":8})";
  const std::string b = R"({"name":"b","key":")" + object_.key() + R"(","offset":0,"byte_size":10})";
  EXPECT_EQ(Send("GET", "/status").body, "[" + a + "," + b + "]");
  EXPECT_EQ(Send("GET", "/region/a%2Fb/status").body, "[" + a + "]");
  EXPECT_EQ(core_.shared_memory().Find("a/b", 1, 1)->bytes[0], std::byte{'3'}) << "the core's own, as over gRPC";
  EXPECT_EQ(Send("POST", "/region/a%2Fb/unregister").body, "{}");
  EXPECT_EQ(Send("POST", "/region/nobody/unregister").body, "{}");
  EXPECT_EQ(Send("GET", "/status").body, "[" + b + "]");
  EXPECT_EQ(Send("POST", "/unregister").body, "{}");
  EXPECT_EQ(Send("GET", "/status").body, "[]");
}

TEST_F(SharedMemoryRoutesTest, RegistrationsThatAreRefused) {
  EXPECT_THAT(Refused(Body(0, 11)), AllOf(StartsWith("400 "), HasSubstr("has 10 bytes: it holds no 11 bytes from 0")));
  EXPECT_THAT(Refused(R"({"byte_size":1})"), AllOf(StartsWith("400 "), HasSubstr("'' is no key of shared memory")));
  EXPECT_THAT(Refused(R"({"key":"/lamina_nobody","byte_size":1})"),
              AllOf(StartsWith("404 "), HasSubstr("there is no shared memory /lamina_nobody")));
  EXPECT_THAT(Refused(R"({"key":1,"byte_size":1})"),
              AllOf(StartsWith("400 "), HasSubstr("Invalid JSON in request body: key: expected a string, got 1")));
  EXPECT_THAT(Refused(R"({"key":"/k","byte_size":-1})"), HasSubstr("byte_size: expected"));
  for (const char* body : {"", "[]", "{", "{} x"}) EXPECT_THAT(Refused(body), StartsWith("400 ")) << body;
  EXPECT_EQ(Send("GET", "/status").body, "[]");
  EXPECT_THAT(Refused(Body(0, 10)), StartsWith("200 "));
  EXPECT_THAT(Refused(Body(0, 10)),
              AllOf(StartsWith("409 "), HasSubstr("the region 'r' of shared memory is registered already")));
  const testing::Reply unknown = Send("GET", "/region/nobody/status");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, R"({"error":"there is no region 'nobody' of shared memory; register it first"})");
}

}  // namespace
}  // namespace lamina::server
