#include "server/protocols/tfserving/datatype.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

TEST(TensorflowTypeTest, EveryTypeLeadsBack) {
  for (int i = static_cast<int>(ElementType::kBool); i <= static_cast<int>(ElementType::kString); ++i) {
    const auto type = static_cast<ElementType>(i);
    EXPECT_NE(ToTensorflowType(type), tensorflow::DT_INVALID) << ElementTypeName(type);
    EXPECT_EQ(FromTensorflowType(ToTensorflowType(type)), type);
  }
  EXPECT_EQ(ToTensorflowType(ElementType::kF16), tensorflow::DT_HALF);
  EXPECT_EQ(ToTensorflowType(ElementType::kUndefined), tensorflow::DT_INVALID);
}

TEST(TensorflowTypeTest, OthersHaveNone) {
  for (const auto type :
       {tensorflow::DT_INVALID, tensorflow::DT_COMPLEX64, tensorflow::DT_QINT8, tensorflow::DT_RESOURCE}) {
    EXPECT_EQ(FromTensorflowType(type), ElementType::kUndefined);
  }
}

}  // namespace
}  // namespace lamina::server
