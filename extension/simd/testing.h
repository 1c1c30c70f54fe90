// What the tests of vector code share: every target of this machine in turn, with proof of which one runs.
#ifndef LAMINA_EXTENSION_SIMD_TESTING_H_
#define LAMINA_EXTENSION_SIMD_TESTING_H_

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "extension/forest/isa.h"

namespace lamina::simd {

/// Calls the test with each of Highway's targets that was compiled in and that this CPU has.
inline void ForEachTarget(const std::function<void(const std::string& target)>& test) {
  for (const std::string& target : forest::Targets()) {
    ASSERT_TRUE(forest::CapTarget(target));
    ASSERT_EQ(target, forest::Target());
    std::printf("          runs on %s\n", target.c_str());
    test(target);
  }
  forest::CapTarget("");
}

template <class T>
std::vector<T> Values(size_t n, uint32_t seed) {
  std::minstd_rand random(seed);
  std::uniform_real_distribution<T> in(-1, 1);
  std::vector<T> values(n);
  for (T& value : values) value = in(random);
  return values;
}

}  // namespace lamina::simd

#endif  // LAMINA_EXTENSION_SIMD_TESTING_H_
