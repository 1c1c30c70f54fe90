#include "extension/simd/curves.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "extension/simd/curves.cc"
// clang-format off: foreach_target.h comes first, math-inl.h last
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace lamina::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class Body>
HWY_INLINE void ForAll(size_t n, const Body& body) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) body(d, i);
  for (; i < n; ++i) body(one, i);
}

void ExpOf(float* v, float factor, size_t n) {
  ForAll(n, [=](auto d, size_t i) HWY_ATTR {
    hn::StoreU(hn::Exp(d, hn::Mul(hn::LoadU(d, v + i), hn::Set(d, factor))), d, v + i);
  });
}

void TanhOf(float* v, float factor, float term, size_t n) {
  ForAll(n, [=](auto d, size_t i) HWY_ATTR {
    hn::StoreU(hn::Tanh(d, hn::MulAdd(hn::LoadU(d, v + i), hn::Set(d, factor), hn::Set(d, term))), d, v + i);
  });
}

}  // namespace lamina::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lamina::simd {

HWY_EXPORT(ExpOf);
HWY_EXPORT(TanhOf);

void ExpOf(float* v, float factor, size_t n) { HWY_DYNAMIC_DISPATCH(ExpOf)(v, factor, n); }
void TanhOf(float* v, float factor, float term, size_t n) { HWY_DYNAMIC_DISPATCH(TanhOf)(v, factor, term, n); }

}  // namespace lamina::simd
#endif  // HWY_ONCE
