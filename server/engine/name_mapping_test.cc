#include "server/engine/name_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(NameMappingTest, ReadsBothParts) {
  const auto mapping = ParseNameMapping(R"({"inputs": {"x:0": "in"}, "outputs": {"y:0": "out", "z": "prob"}})");
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  EXPECT_THAT(mapping->inputs, ElementsAre(Pair("x:0", "in")));
  EXPECT_THAT(mapping->outputs, ElementsAre(Pair("y:0", "out"), Pair("z", "prob")));
}

TEST(NameMappingTest, PartsAreOptional) {
  const auto mapping = ParseNameMapping(R"({"outputs": {"y": "out"}})");
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  EXPECT_THAT(mapping->inputs, IsEmpty());
  EXPECT_TRUE(ReadNameMapping("/nowhere/at/all").ok());
}

TEST(NameMappingTest, SaysWhatIsWrong) {
  const auto message = [](const char* json) { return std::string(ParseNameMapping(json).status().message()); };
  EXPECT_THAT(message("{"), HasSubstr("mapping_config.json"));
  EXPECT_THAT(message("[]"), HasSubstr("no object"));
  EXPECT_THAT(message(R"({"input": {}})"), HasSubstr("unknown key \"input\""));
  EXPECT_THAT(message(R"({"inputs": []})"), HasSubstr("\"inputs\" is not an object"));
  EXPECT_THAT(message(R"({"inputs": {"x": 1}})"), HasSubstr("alias of \"x\""));
}

}  // namespace
}  // namespace lamina::server
