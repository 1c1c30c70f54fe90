#include "server/protocols/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/protocols/http/http_status.h"
#include "server/protocols/http/testing.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    for (const char* pattern : {"/models/{model}", "/models/stats", "/models/{model}:predict"}) {
      const char* method = std::string_view(pattern).ends_with("predict") ? "POST" : "GET";
      router_.Add(method, pattern, [pattern](const HttpRequest&, const PathParameters& parameters) {
        JsonWriter json;
        json.BeginArray().String(pattern).String(parameters.Get("model")).EndArray();
        return JsonResponse(json);
      });
    }
    router_.Add("GET", "/fails",
                [](const HttpRequest&, const PathParameters&) { return absl::UnavailableError("not now"); });
  }

  testing::Reply Ask(const std::string& method, const std::string& path) const {
    return testing::Send([this](auto exchange) { router_.Handle(std::move(exchange)); },
                         {.method = method, .path = path});
  }

  Router router_;
};

TEST_F(RouterTest, TheMostSpecificRouteAnswers) {
  EXPECT_EQ(Ask("GET", "/models/a").body, R"(["/models/{model}","a"])");
  EXPECT_EQ(Ask("GET", "/models/stats").body, R"(["/models/stats",""])");
  EXPECT_EQ(Ask("POST", "/models/a:predict").body, R"(["/models/{model}:predict","a"])");
  EXPECT_EQ(Ask("HEAD", "/models/a").status, 200);
}

TEST_F(RouterTest, WhatIsAbsentSaysWhatThereIs) {
  router_.AddAbsent("/models/{model}:classify", ":predict is there");
  EXPECT_EQ(Ask("POST", "/models/a:classify").status, 501);
  EXPECT_EQ(Ask("POST", "/models/a:classify").body, R"({"error":":predict is there"})");
  EXPECT_EQ(Ask("GET", "/models/a").status, 200);
}

TEST_F(RouterTest, AnErrorIsAReply) {
  EXPECT_EQ(Ask("GET", "/fails").status, 503);
  EXPECT_EQ(Ask("GET", "/fails").body, R"({"error":"not now"})");
}

TEST_F(RouterTest, AnUnknownPathIsNotFound) {
  for (const char* path : {"/", "/models", "/models/", "/models/a/b", "/models/../fails", "/models/%2e%2e/fails"}) {
    const testing::Reply reply = Ask("GET", path);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_THAT(reply.body, HasSubstr(std::string("there is nothing at ") + path));
  }
}

TEST_F(RouterTest, AnotherMethodIsNotAllowed) {
  const testing::Reply get = Ask("GET", "/models/a:predict");
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.Header("allow"), "POST");
  EXPECT_THAT(get.body, HasSubstr("GET is not possible for /models/a:predict; use POST"));
  const testing::Reply post = Ask("POST", "/models/a");
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.Header("allow"), "GET, HEAD");
  EXPECT_EQ(Ask("get", "/models/a").status, 405) << "methods have a case";
}

TEST_F(RouterTest, ABrokenPathIsRefused) {
  EXPECT_EQ(Ask("GET", "/models/%zz").status, 400);
  EXPECT_THAT(Ask("GET", "/models/%zz").body, HasSubstr("two hexadecimal digits behind every %"));
  EXPECT_EQ(Ask("GET", "").status, 400);
}

}  // namespace
}  // namespace lamina::server
