// What the layers' tests share: values that look random and are the same in every run, sizes around the vector width.
#ifndef LAMINA_EXTENSION_LAYERS_TESTING_H_
#define LAMINA_EXTENSION_LAYERS_TESTING_H_

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "extension/forest/isa.h"
#include "extension/simd/testing.h"
#include "sdk/testkit/testkit.h"

namespace lamina::layers {

using testkit::AttributeSet;
using testkit::CheckEverywhere;
using testkit::Outcome;
using testkit::Value;

/// Makes the vector code, of the forest and of simd, follow the test kit from one instruction set to the next.
inline const bool kFollowsTestKit = [] {
  testkit::on_isa = [](int32_t isa) {
    const bool avx512 = isa == LAMINA_ISA_AVX512, avx2 = isa == LAMINA_ISA_AVX2;
    forest::CapTarget(avx512 ? "avx512" : avx2 ? "avx2" : "sse42");
    simd::CapTargets(avx512 ? 0 : avx2 ? HWY_AVX2 : HWY_SSE4);
  };
  return true;
}();

/// Around 16 lanes of AVX-512, and around one row of a kernel's block.
inline constexpr size_t kSizes[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 35, 100};

inline std::vector<float> Floats(size_t n, float low = -1, float high = 1, uint32_t seed = 1) {
  std::minstd_rand random(seed);
  std::uniform_real_distribution<float> in(low, high);
  std::vector<float> values(n);
  for (float& value : values) value = in(random);
  return values;
}

inline std::vector<int64_t> Ints(size_t n, int64_t low, int64_t high, uint32_t seed = 1) {
  std::minstd_rand random(seed);
  std::uniform_int_distribution<int64_t> in(low, high);
  std::vector<int64_t> values(n);
  for (int64_t& value : values) value = in(random);
  return values;
}

template <class To, class From>
std::vector<To> Converted(const std::vector<From>& from) {
  return {from.begin(), from.end()};
}

/// [rows, features] of any type.
template <class T>
Value Rows(size_t rows, size_t features, const std::vector<T>& values) {
  return Value::Of<T>({static_cast<int64_t>(rows), static_cast<int64_t>(features)}, values);
}

/// The error of running a layer, "" if there is none.
inline std::string ErrorOf(const std::string& layer, const AttributeSet& attributes, const std::vector<Value>& inputs) {
  return testkit::RunLayer(layer, attributes, inputs).error;
}

/// Checks that running the layer fails with an error that holds these words.
#define EXPECT_FAILS(words, ...) EXPECT_NE(std::string::npos, ErrorOf(__VA_ARGS__).find(words)) << ErrorOf(__VA_ARGS__)

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_TESTING_H_
