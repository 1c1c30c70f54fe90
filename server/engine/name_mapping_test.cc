#include "server/engine/name_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

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

TEST(NameMappingTest, APipeIsNotWaitedFor) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "mapping_pipe";
  std::filesystem::create_directory(folder);
  ASSERT_EQ(mkfifo((folder / "mapping_config.json").c_str(), 0600), 0);
  EXPECT_THAT(std::string(ReadNameMapping(folder).status().message()),
              HasSubstr("mapping_config.json is a pipe, expected a regular file; put one there"));
  std::filesystem::remove_all(folder);
}

TEST(NameMappingTest, SaysWhatIsWrong) {
  const auto message = [](const char* json) { return std::string(ParseNameMapping(json).status().message()); };
  EXPECT_THAT(
      message("{\n  \"inputs\": {},"),
      HasSubstr("mapping_config.json: not valid JSON: expected a key in double quotes, got the end of the text, "
                "at line 2, column 16; expected {\"inputs\""));
  EXPECT_THAT(message("[]"), HasSubstr("mapping_config.json: expected an object, got an array; expected {\"inputs\""));
  EXPECT_THAT(message(R"({"input": {}})"), HasSubstr("input: unknown key"));
  EXPECT_THAT(message(R"({"inputs": []})"), HasSubstr("inputs: expected an object, got an array"));
  EXPECT_THAT(message(R"({"inputs": {"x": 1}, "outputs": {"y": ""}})"),
              HasSubstr("inputs.x: expected a string, got a number; outputs.y: an empty name"));
  EXPECT_THAT(message(R"({"inputs": {"x": "a", "x": "b"}})"), HasSubstr("inputs.x: the key is there twice"));
}

}  // namespace
}  // namespace lamina::server
