#include "server/access/access_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "server/access/open_paths.h"

namespace lamina::server {
namespace {

using testing::HasSubstr;

std::string Write(const std::string& text) {
  const std::string path =
      testing::TempDir() + "/access_tokens_" + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::ofstream(path, std::ios::trunc) << text;
  return path;
}

TEST(AccessTokensTest, WhoHasATokenMayAsk) {
  const auto tokens = AccessTokens::Load(Write("# ours\nfirst-Token\r\n\n  second.token+/==  \n"));
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  EXPECT_EQ((*tokens)->count(), 2u);
  for (const char* right : {"Bearer first-Token", "bearer second.token+/==", "BEARER  first-Token "}) {
    EXPECT_TRUE((*tokens)->Check(right).ok()) << right;
  }
  for (const char* none : {"", "first-Token", "Basic first-Token", "Bearer", "Bearer ", "Bearer\tfirst-Token"}) {
    const absl::Status status = (*tokens)->Check(none);
    EXPECT_TRUE(absl::IsUnauthenticated(status)) << none;
  }
  EXPECT_THAT(std::string((*tokens)->Check("").message()), HasSubstr("asks for a token"));
  for (const char* wrong :
       {"Bearer x", "Bearer first-Toke", "Bearer first-Token2", "Bearer # ours", "Bearer FIRST-TOKEN"}) {
    const absl::Status status = (*tokens)->Check(wrong);
    EXPECT_TRUE(absl::IsUnauthenticated(status)) << wrong;
    EXPECT_THAT(std::string(status.message()), HasSubstr("is none that this server knows")) << wrong;
  }
}

TEST(AccessTokensTest, ANewFileCountsAndABrokenOneDoesNot) {
  const std::string path = Write("old\n");
  const auto tokens = AccessTokens::Load(path);
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  Write("new\n");
  EXPECT_TRUE((*tokens)->Check("Bearer old").ok()) << "until it is read again";
  EXPECT_TRUE((*tokens)->Reload().ok());
  EXPECT_FALSE((*tokens)->Check("Bearer old").ok());
  EXPECT_TRUE((*tokens)->Check("Bearer new").ok());
  Write("# nobody\n");
  EXPECT_THAT(std::string((*tokens)->Reload().message()), HasSubstr("the tokens from before count on"));
  EXPECT_TRUE((*tokens)->Check("Bearer new").ok());
}

/// Sanitizers see what is read after it was let go of.
TEST(AccessTokensTest, WhoAsksMeanwhileIsNotTurnedAway) {
  const auto tokens = AccessTokens::Load(Write("first\nsecond\nthird\n"));
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  std::atomic<int> refused = 0;
  {
    std::jthread asks([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) refused += !(*tokens)->Check("Bearer third").ok();
    });
    for (int i = 0; i < 500; ++i) EXPECT_TRUE((*tokens)->Reload().ok());
  }
  EXPECT_EQ(refused, 0);
}

TEST(AccessTokensTest, EveryErrorNamesTheFile) {
  const auto error = [](const std::string& path) { return std::string(AccessTokens::Load(path).status().message()); };
  EXPECT_THAT(error("/none/tokens"), HasSubstr("auth_token_file: /none/tokens cannot be read (No such file"));
  EXPECT_THAT(error(testing::TempDir()), HasSubstr("cannot be read (Is a directory)"));
  EXPECT_THAT(error("/dev/zero"), HasSubstr("auth_token_file: /dev/zero is a device, expected a regular file"));
  EXPECT_THAT(error(Write("")), HasSubstr(" has no token; write one a line"));
  EXPECT_THAT(error(Write("good\nnot good\n")), HasSubstr(":2: this is no token"));
}

TEST(AccessTokensTest, OnlyHealthIsOpen) {
  for (const char* open : {"/v2/health/live", "/v2/health/ready", "/grpc.health.v1.Health/Check",
                           "/grpc.health.v1.Health/Watch", "/inference.GRPCInferenceService/ServerReady"}) {
    EXPECT_TRUE(IsOpenPath(open)) << open;
  }
  for (const char* closed : {"", "/", "/metrics", "/v2", "/v2/health/live/", "/v2/health/%6Cive", "//v2/health/live",
                             "/inference.GRPCInferenceService/ModelInfer", "/openapi.json"}) {
    EXPECT_FALSE(IsOpenPath(closed)) << closed;
  }
}

}  // namespace
}  // namespace lamina::server
