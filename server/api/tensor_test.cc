#include "server/api/tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace lamina::server {
namespace {

using Shape = std::vector<int64_t>;

TEST(ElementCountTest, MultipliesDimensions) {
  EXPECT_EQ(ElementCount(Shape{}), 1u);
  EXPECT_EQ(ElementCount(Shape{2, 3, 4}), 24u);
  EXPECT_EQ(ElementCount(Shape{2, 0, 4}), 0u);
}

TEST(ElementCountTest, RefusesNegativeDimensionsAndOverflow) {
  const int64_t huge = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(ElementCount(Shape{2, -1}), std::nullopt);
  EXPECT_EQ(ElementCount(Shape{0, -1}), std::nullopt);
  EXPECT_EQ(ElementCount(Shape{huge, huge}), std::nullopt);
  EXPECT_EQ(ElementCount(Shape{huge, huge, 0}), std::nullopt) << "an absurd shape is refused, even when it is empty";
}

TEST(ShapeTextTest, LooksLikeAList) {
  EXPECT_EQ(ShapeText(Shape{}), "[]");
  EXPECT_EQ(ShapeText(Shape{1, -1, 224}), "[1, -1, 224]");
}

TEST(ElementTypeTest, SizesAndNames) {
  EXPECT_EQ(ElementSize(ElementType::kBF16), 2u);
  EXPECT_EQ(ElementSize(ElementType::kString), 0u);
  EXPECT_EQ(ElementTypeName(ElementType::kF32), "f32");
  EXPECT_EQ(ElementTypeName(ElementType::kString), "string");
}

}  // namespace
}  // namespace lamina::server
