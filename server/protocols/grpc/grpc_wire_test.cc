#include "server/protocols/grpc/grpc_wire.h"

#include <gtest/gtest.h>

#include <string>

namespace lamina::server {
namespace {

using namespace std::chrono_literals;

TEST(GrpcWireTest, TimeoutsOfEveryUnit) {
  EXPECT_EQ(ParseGrpcTimeout("2H"), 2h);
  EXPECT_EQ(ParseGrpcTimeout("3M"), 3min);
  EXPECT_EQ(ParseGrpcTimeout("4S"), 4s);
  EXPECT_EQ(ParseGrpcTimeout("100m"), 100ms);
  EXPECT_EQ(ParseGrpcTimeout("99999999u"), 99999999us);
  EXPECT_EQ(ParseGrpcTimeout("0n"), 0ns);
  EXPECT_EQ(ParseGrpcTimeout("99999999H"), std::chrono::hours(24 * 365)) << "no overflow";
}

TEST(GrpcWireTest, WhatIsNoTimeout) {
  for (const char* text : {"", "S", "1", "1s", "-1S", "1.5S", "123456789S", "1 S", "+1S"}) {
    EXPECT_FALSE(ParseGrpcTimeout(text)) << text;
  }
}

TEST(GrpcWireTest, MessagesArePercentEncoded) {
  EXPECT_EQ(EncodeGrpcMessage("plain, it stays!"), "plain, it stays!");
  EXPECT_EQ(EncodeGrpcMessage("100%\n\xC3\xA4"), "100%25%0A%C3%A4");
  EXPECT_LT(EncodeGrpcMessage(std::string(100'000, '\n')).size(), 8192u) << "peers limit their headers";
}

}  // namespace
}  // namespace lamina::server
