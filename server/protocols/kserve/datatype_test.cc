#include "server/protocols/kserve/datatype.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

TEST(KserveDatatypeTest, EveryTypeHasANameThatLeadsBack) {
  for (int i = static_cast<int>(ElementType::kBool); i <= static_cast<int>(ElementType::kString); ++i) {
    const auto type = static_cast<ElementType>(i);
    EXPECT_NE(KserveDatatype(type), "") << ElementTypeName(type);
    EXPECT_EQ(ParseKserveDatatype(KserveDatatype(type)), type);
  }
  EXPECT_EQ(KserveDatatype(ElementType::kBF16), "BF16");
  EXPECT_EQ(KserveDatatype(ElementType::kString), "BYTES");
}

TEST(KserveDatatypeTest, OtherNamesAreNone) {
  for (const char* name : {"", "fp32", "FLOAT", "STRING", "TYPE_FP32"}) {
    EXPECT_EQ(ParseKserveDatatype(name), ElementType::kUndefined) << name;
  }
  EXPECT_EQ(KserveDatatype(ElementType::kUndefined), "");
}

}  // namespace
}  // namespace lamina::server
