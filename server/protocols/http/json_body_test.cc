#include "server/protocols/http/json_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::HasSubstr;

TEST(JsonBodyTest, WhetherItIsJsonAtAll) {
  const absl::Status found = absl::InvalidArgumentError("input 'x': expected a number, got null, at byte 6");
  EXPECT_EQ(BodyError("{\"x\":[null]}", found).message(),
            "Invalid inputs in request body: input 'x': expected a number, got null, at byte 6");
  EXPECT_EQ(BodyError("{\"x\":[null", found).message(),
            "Invalid JSON in request body: expected ',' or ']', got the end of the text, at byte 10");
}

TEST(JsonBodyTest, AKeyMayComeOnce) {
  JsonReader json(R"({"a": 1, "b": 2, "\u0061": 3})");
  std::string_view key;
  int members = 0;
  for (UniqueMembers object(json); object.Next(key); ++members) json.Skip();
  EXPECT_EQ(members, 2);
  EXPECT_THAT(std::string(json.status().message()), HasSubstr("the key 'a' is there twice; send it once"));
}

}  // namespace
}  // namespace lamina::server
