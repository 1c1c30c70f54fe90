#include "server/protocols/kserve/rest_binary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
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

std::string Refused(std::string_view raw, size_t count) {
  std::vector<std::string_view> elements;
  return std::string(SplitBytesElements(raw, count, elements).message());
}

TEST(KserveRestBinaryTest, SplitsElements) {
  std::vector<std::string_view> elements;
  ASSERT_TRUE(SplitBytesElements(std::string_view("\3\0\0\0yes\0\0\0\0", 11), 2, elements).ok());
  EXPECT_THAT(elements, ElementsAre("yes", ""));
  elements.clear();
  EXPECT_TRUE(SplitBytesElements("", 0, elements).ok());
}

TEST(KserveRestBinaryTest, RefusesBrokenElements) {
  EXPECT_THAT(Refused(std::string_view("\3\0\0\0ye", 6), 1), HasSubstr("element 0 of 1 is cut off at byte 0 of 6"));
  EXPECT_THAT(Refused(std::string_view("\3\0\0\0yes\0\0\0", 10), 2),
              HasSubstr("element 1 of 2 is cut off at byte 7 of 10"));
  EXPECT_THAT(Refused(std::string_view("\1\0\0\0yx", 6), 1), HasSubstr("1 bytes follow the last of 1 elements"));
  EXPECT_THAT(Refused(std::string_view("\xFF\xFF\xFF\xFFyes", 7), 1), HasSubstr("cut off"));
  EXPECT_THAT(Refused("abc", 1), HasSubstr("1 elements with a 4-byte length each are needed, got 3 bytes"));
  EXPECT_THAT(Refused("abcdefgh", 1000000000), HasSubstr("1000000000 elements"));
}

TEST(KserveRestBinaryTest, JoinsElements) {
  const std::string elements[] = {"yes", "", std::string("\0", 1)};
  EXPECT_EQ(JoinBytesElements(elements)->text(), std::string_view("\3\0\0\0yes\0\0\0\0\1\0\0\0\0", 16));
  EXPECT_EQ(JoinBytesElements({})->size(), 0u);
}

}  // namespace
}  // namespace lamina::server
