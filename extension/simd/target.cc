#include "extension/simd/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "extension/simd/target.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lamina::simd::HWY_NAMESPACE {

const char* Name() {
  switch (HWY_TARGET) {
    case HWY_AVX3_DL: return "AVX3_DL";
    case HWY_AVX3: return "AVX3";
    case HWY_AVX2: return "AVX2";
    case HWY_SSE4: return "SSE4";
    case HWY_SSSE3: return "SSSE3";
    default: return "SCALAR";
  }
}

}  // namespace lamina::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lamina::simd {

HWY_EXPORT(Name);

const char* Target() { return HWY_DYNAMIC_DISPATCH(Name)(); }

}  // namespace lamina::simd
#endif  // HWY_ONCE
