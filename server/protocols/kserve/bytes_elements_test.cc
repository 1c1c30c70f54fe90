#include "server/protocols/kserve/bytes_elements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/api/bytes.h"

namespace lamina::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Refused(std::string_view raw, size_t count) {
  std::vector<std::string_view> elements;
  return std::string(SplitBytesElements(raw, count, elements).message());
}

TEST(KserveBytesElementsTest, AreSplit) {
  std::vector<std::string_view> elements;
  ASSERT_TRUE(SplitBytesElements(std::string_view("\3\0\0\0yes\0\0\0\0", 11), 2, elements).ok());
  EXPECT_THAT(elements, ElementsAre("yes", ""));
  elements.clear();
  EXPECT_TRUE(SplitBytesElements("", 0, elements).ok());
}

TEST(KserveBytesElementsTest, BrokenOnesAreRefused) {
  EXPECT_THAT(Refused(std::string_view("\3\0\0\0ye", 6), 1), HasSubstr("element 0 of 1 is cut off at byte 0 of 6"));
  EXPECT_THAT(Refused(std::string_view("\3\0\0\0yes\0\0\0", 10), 2),
              HasSubstr("element 1 of 2 is cut off at byte 7 of 10"));
  EXPECT_THAT(Refused(std::string_view("\1\0\0\0yx", 6), 1), HasSubstr("1 bytes follow the last of 1 elements"));
  EXPECT_THAT(Refused(std::string_view("\xFF\xFF\xFF\xFFyes", 7), 1), HasSubstr("cut off"));
  EXPECT_THAT(Refused("abc", 1), HasSubstr("1 elements with a 4-byte length each are needed, got 3 bytes"));
  EXPECT_THAT(Refused("abcdefgh", 1000000000), HasSubstr("1000000000 elements"));
}

TEST(KserveBytesElementsTest, AreWritten) {
  const std::string elements[] = {"yes", "", std::string("\0", 1)};
  const std::string_view expected("\3\0\0\0yes\0\0\0\0\1\0\0\0\0", 16);
  ASSERT_EQ(BytesElementsSize("y", elements).value(), expected.size());
  Bytes bytes(expected.size());
  WriteBytesElements(elements, bytes.span());
  EXPECT_EQ(bytes.text(), expected);
  EXPECT_EQ(BytesElementsSize("y", {}).value(), 0u);
}

}  // namespace
}  // namespace lamina::server
