// What the tests of vector code share: every target of this machine in turn, with proof of which one runs.
#ifndef LAMINA_EXTENSION_SIMD_TESTING_H_
#define LAMINA_EXTENSION_SIMD_TESTING_H_

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "extension/simd/target.h"

namespace lamina::simd {

/// Makes Highway's dispatch use the best of these targets that the CPU has; 0: the CPU's best.
inline void CapTargets(int64_t targets) {
  hwy::SetSupportedTargetsForTest(0);
  hwy::SetSupportedTargetsForTest(targets & hwy::SupportedTargets());
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

/// Calls the test with each target that was compiled in, and says which the CPU has not.
inline void ForEachTarget(const std::function<void(const std::string& target)>& test) {
  struct Named {
    int64_t target;
    const char* name;
  };
  for (const Named& named : {Named{HWY_SSE4, "SSE4"}, Named{HWY_AVX2, "AVX2"}, Named{HWY_AVX3, "AVX3"}}) {
    hwy::SetSupportedTargetsForTest(0);
    if (!(named.target & hwy::SupportedTargets())) {
      std::printf("          this CPU has no %s: not run\n", named.name);
      continue;
    }
    CapTargets(named.target);
    ASSERT_STREQ(named.name, Target());
    std::printf("          runs on %s\n", Target());
    test(named.name);
  }
  CapTargets(0);
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
