#include "server/config/shape_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Range = DimensionRange;

TEST(ShapeTextTest, ReadsEveryForm) {
  EXPECT_TRUE(ParseShape(" auto ")->automatic);
  EXPECT_THAT(ParseShape("(1,3,224,224)")->dims,
              ElementsAre(Range{1, 1}, Range{3, 3}, Range{224, 224}, Range{224, 224}));
  EXPECT_THAT(ParseShape("[ 1, -1 ,2:8]")->dims, ElementsAre(Range{1, 1}, Range{}, Range{2, 8}));
  EXPECT_THAT(ParseShape("(5,)")->dims, ElementsAre(Range{5, 5}));
  EXPECT_THAT(ParseShape("()")->dims, ElementsAre());
  EXPECT_FALSE(ParseShape("()")->automatic);
}

TEST(ShapeTextTest, RefusesWithTheTextInQuestion) {
  for (const char* bad : {"", "1,2", "(1,2", "(1,2]", "Auto"}) {
    EXPECT_THAT(std::string(ParseShape(bad).status().message()), HasSubstr("is not a shape")) << bad;
  }
  for (const char* bad : {"(0)", "(-2)", "(x)", "(1.5)", "(1,,2)", "(3:2)", "(1:)", "(99999999999999999999)"}) {
    EXPECT_THAT(std::string(ParseShape(bad).status().message()), HasSubstr("is not a dimension")) << bad;
  }
  EXPECT_THAT(std::string(ParseShape("(1, 3x)").status().message()), HasSubstr("'3x'"));
}

}  // namespace
}  // namespace lamina::server
