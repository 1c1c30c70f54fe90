#include "server/protocols/kserve/rest_binary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::HasSubstr;

TEST(KserveRestBinaryTest, SplitsTheBody) {
  EXPECT_EQ(SplitRestBody("{}abc", "")->json, "{}abc");
  EXPECT_EQ(SplitRestBody("{}abc", "2")->json, "{}");
  EXPECT_EQ(SplitRestBody("{}abc", "2")->binary, "abc");
  EXPECT_EQ(SplitRestBody("{}abc", "5")->binary, "");
  EXPECT_EQ(SplitRestBody("{}abc", "0")->json, "");
  for (const char* size : {"6", "-1", "2 ", " 2", "2.0", "0x2", "x", "99999999999999999999999"}) {
    EXPECT_THAT(std::string(SplitRestBody("{}abc", size).status().message()),
                HasSubstr("expected a number from 0 to 5, the size of the body"))
        << size;
  }
}

}  // namespace
}  // namespace lamina::server
