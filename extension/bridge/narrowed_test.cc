#include "extension/bridge/narrowed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "lamina/abi.h"

namespace lamina::bridge {
namespace {

using ::testing::ElementsAreArray;

template <class To, class From>
std::vector<To> Restored(int32_t declared, int32_t actual, const std::vector<From>& values) {
  Scratch scratch;
  const auto* to = static_cast<const To*>(Restore(declared, actual, values.data(), values.size(), scratch));
  return {to, to + values.size()};
}

TEST(NarrowedTest, IntegersComeBackFrom32Bits) {
  const std::vector<int32_t> values = {-3, 0, INT32_MAX, INT32_MIN};
  EXPECT_THAT((Restored<int64_t>(LAMINA_I64, LAMINA_I32, values)), ElementsAreArray(values));
  const std::vector<int32_t> small = {-3, 0, 127, -128};
  EXPECT_THAT((Restored<int8_t>(LAMINA_I8, LAMINA_I32, small)), ElementsAreArray(small));
  EXPECT_THAT((Restored<int16_t>(LAMINA_I16, LAMINA_I32, small)), ElementsAreArray(small));
}

TEST(NarrowedTest, FloatsComeBackFromFloat) {
  const std::vector<float> values = {-0.5f, 0, 1024};
  EXPECT_THAT((Restored<double>(LAMINA_F64, LAMINA_F32, values)), ElementsAreArray(values));
  EXPECT_THAT((Restored<uint16_t>(LAMINA_F16, LAMINA_F32, values)), ElementsAreArray({0xb800, 0, 0x6400}));
  EXPECT_THAT((Restored<uint16_t>(LAMINA_BF16, LAMINA_F32, values)), ElementsAreArray({0xbf00, 0, 0x4480}));
}

TEST(NarrowedTest, BooleansAreTheBytesThatTheyAre) {
  const std::vector<uint8_t> values = {0, 1};
  Scratch scratch;
  EXPECT_EQ(Restore(LAMINA_BOOL, LAMINA_U8, values.data(), values.size(), scratch), values.data());
}

TEST(NarrowedTest, NothingElseIsTakenForTheSame) {
  EXPECT_FALSE(CanRestore(LAMINA_F32, LAMINA_I32));
  EXPECT_FALSE(CanRestore(LAMINA_I64, LAMINA_F32));
  EXPECT_FALSE(CanRestore(LAMINA_I32, LAMINA_I64));
  EXPECT_FALSE(CanRestore(LAMINA_STRING, LAMINA_U8));
}

}  // namespace
}  // namespace lamina::bridge
