#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

TEST(MurmurHash3, GivesTheHashesOfOnnxruntime) {
  const AttributeSet none, signed_hash = std::move(AttributeSet().Int("positive", 0)),
                           seeded = std::move(AttributeSet().Int("seed", 7));
  EXPECT_EQ("", CheckEverywhere("MurmurHash3", none, {Value::Strings({3}, {"Hello", "", "abcde"})},
                                {Value::Of<uint32_t>({3}, {316307400, 0, 3902511862})}));
  EXPECT_EQ("", CheckEverywhere("MurmurHash3", signed_hash, {Value::Strings({2}, {"Hello", "abcde"})},
                                {Value::Of<int32_t>({2}, {316307400, static_cast<int32_t>(3902511862)})}));
  EXPECT_EQ("", CheckEverywhere("MurmurHash3", seeded, {Value::Of<int32_t>({1, 2}, {3, -1})},
                                {Value::Of<uint32_t>({1, 2}, {3471288749, 1935827890})}));
  EXPECT_EQ("", CheckEverywhere("MurmurHash3", none, {Value::Of<int64_t>({1}, {3})},
                                {Value::Of<uint32_t>({1}, {2738575283})}));
  EXPECT_EQ("",
            CheckEverywhere("MurmurHash3", none, {Value::Of<float>({1}, {3})}, {Value::Of<uint32_t>({1}, {6814352})}));
  EXPECT_EQ("", CheckEverywhere("MurmurHash3", none, {Value::Of<double>({1}, {3})},
                                {Value::Of<uint32_t>({1}, {3554953595})}));
}

}  // namespace
}  // namespace lamina::layers
