#include "server/protocols/http/path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamina::server {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::Optional;

template <typename... Names>
auto Segments(const Names&... names) {
  return Optional(Field(&PathSegments::names, ElementsAre(names...)));
}

TEST(SplitPathTest, DecodesAfterSplitting) {
  EXPECT_THAT(SplitPath("/v2/models/a%20b"), Segments("v2", "models", "a b"));
  EXPECT_THAT(SplitPath("/a%2Fb/%2e%2E/.."), Segments("a/b", "..", ".."));
  EXPECT_THAT(SplitPath("/gro%C3%9F"), Segments("groß"));
  EXPECT_THAT(SplitPath("/"), Segments(""));
  EXPECT_THAT(SplitPath("//a/"), Segments("", "a", ""));
  EXPECT_THAT(SplitPath("/a%00b"), Segments(std::string("a\0b", 3)));
  EXPECT_THAT(SplitPath("/a+b"), Segments("a+b")) << "+ is a blank in queries only";
}

TEST(SplitPathTest, RefusesWhatIsNoPath) {
  for (const char* path : {"", "v2", "*", "/%", "/%4", "/%zz", "/a%4g/b"})
    EXPECT_FALSE(SplitPath(path).has_value()) << path;
}

TEST(PathPatternTest, Parameters) {
  const PathPattern pattern("/v2/models/{model}/versions/{version}/infer");
  const auto path = SplitPath("/v2/models/a%2Fb/versions/3/infer");
  ASSERT_TRUE(pattern.Matches(*path));
  EXPECT_EQ(pattern.Parameters(*path).Get("model"), "a/b");
  EXPECT_EQ(pattern.Parameters(*path).Get("version"), "3");
  EXPECT_EQ(pattern.Parameters(*path).Get("label"), "");
  const PathParameters kept = pattern.Parameters(*SplitPath("/v2/models/a%2Fb/versions/3/infer"));
  EXPECT_EQ(kept.Get("model"), "a/b") << "what was decoded stays with the parameters";
}

TEST(PathPatternTest, AFixedEnd) {
  const PathPattern pattern("/v1/models/{model}:predict");
  for (const auto& [path, model] :
       {std::pair("/v1/models/m:predict", "m"), {"/v1/models/m%3Apredict", "m"}, {"/v1/models/a:b:predict", "a:b"}}) {
    ASSERT_TRUE(pattern.Matches(*SplitPath(path))) << path;
    EXPECT_EQ(pattern.Parameters(*SplitPath(path)).Get("model"), model);
  }
  for (const char* path : {"/v1/models/:predict", "/v1/models/m:predict/", "/v1/models/m", "/v1/models/predict"})
    EXPECT_FALSE(pattern.Matches(*SplitPath(path))) << path;
}

TEST(PathPatternTest, OtherPaths) {
  const PathPattern pattern("/v2/models/{model}");
  for (const char* path : {"/v2/models", "/v2/models/", "/v2/models/m/", "/V2/models/m", "/v2//m", "/"})
    EXPECT_FALSE(pattern.Matches(*SplitPath(path))) << path;
}

TEST(PathPatternTest, FixedTextSaysMore) {
  const PathPattern any("/v1/models/{model}");
  const PathPattern predict("/v1/models/{model}:predict");
  const PathPattern stats("/v1/models/stats");
  EXPECT_TRUE(predict.IsMoreSpecificThan(any));
  EXPECT_FALSE(any.IsMoreSpecificThan(predict));
  EXPECT_TRUE(stats.IsMoreSpecificThan(any));
  EXPECT_FALSE(any.IsMoreSpecificThan(stats));
  EXPECT_FALSE(any.IsMoreSpecificThan(any));
}

}  // namespace
}  // namespace lamina::server
