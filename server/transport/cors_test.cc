#include "server/transport/cors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

constexpr char kOrigin[] = "https://app.example:8443";

std::optional<HttpResponse> Ask(const CorsPolicy& policy, std::vector<HttpHeader> headers,
                                std::string_view method = "OPTIONS") {
  return policy.Preflight({.method = method, .path = "/v2/models/m/infer", .headers = headers});
}

TEST(CorsTest, APreflightOfAnOriginThatMay) {
  const CorsPolicy policy({"https://other.example", kOrigin});
  const auto response =
      Ask(policy, {{"origin", kOrigin},
                   {"access-control-request-method", "POST"},
                   {"access-control-request-headers", "authorization,inference-header-content-length"}});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204);
  EXPECT_THAT(response->body, IsEmpty());
  EXPECT_THAT(response->headers, Contains(Pair("access-control-allow-origin", kOrigin)));
  EXPECT_THAT(response->headers, Contains(Pair("access-control-allow-methods", "GET, HEAD, POST")));
  EXPECT_THAT(response->headers,
              Contains(Pair("access-control-allow-headers", "authorization,inference-header-content-length")));
  EXPECT_THAT(response->headers, Contains(Pair("access-control-max-age", "7200")));
  EXPECT_THAT(response->headers, Contains(Pair("vary", testing::HasSubstr("origin"))));
}

TEST(CorsTest, APreflightOfOneThatMayNot) {
  const CorsPolicy policy({kOrigin});
  for (const char* origin : {"https://app.example", "http://app.example:8443", "null", "https://app.example:84433"}) {
    const auto response = Ask(policy, {{"origin", origin}, {"access-control-request-method", "POST"}});
    ASSERT_TRUE(response) << origin;
    EXPECT_EQ(response->status, 403) << origin;
    EXPECT_THAT(response->headers, Not(Contains(Pair("access-control-allow-origin", testing::_)))) << origin;
  }
}

TEST(CorsTest, WhatIsNoPreflight) {
  const CorsPolicy policy({"*"});
  EXPECT_FALSE(Ask(policy, {{"origin", kOrigin}}));
  EXPECT_FALSE(Ask(policy, {{"origin", kOrigin}, {"access-control-request-method", "POST"}}, "POST"));
}

TEST(CorsTest, Answers) {
  const CorsPolicy some({kOrigin}), all({"*"});
  HttpResponse response;
  some.AddTo(kOrigin, response);
  EXPECT_THAT(response.headers, Contains(Pair("access-control-allow-origin", kOrigin)));
  EXPECT_THAT(response.headers,
              Contains(Pair("access-control-expose-headers", testing::HasSubstr("inference-header-content-length"))));
  EXPECT_THAT(response.headers, Contains(Pair("vary", "origin")));
  response = {};
  some.AddTo("https://evil.example", response);
  EXPECT_THAT(response.headers, testing::ElementsAre(Pair("vary", "origin"))) << "for caches, not for the page";
  response = {};
  all.AddTo("https://anyone.example", response);
  EXPECT_THAT(response.headers, Contains(Pair("access-control-allow-origin", "*")));
  response = {};
  all.AddTo("", response);
  EXPECT_THAT(response.headers, Not(Contains(Pair("access-control-allow-origin", testing::_))));
}

}  // namespace
}  // namespace lamina::server
