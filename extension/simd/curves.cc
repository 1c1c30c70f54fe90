#include "extension/simd/curves.h"

#include <limits>

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

/// Highway's Exp takes NaN for something very small, and is not made for results beyond the largest float.
template <class D, class V>
HWY_INLINE V SafeExp(D d, V x) {
  const V most = hn::Set(d, 88.72283f), infinite = hn::Set(d, std::numeric_limits<float>::infinity());
  const V exp = hn::Exp(d, hn::Min(x, most));
  return hn::IfThenElse(hn::IsNaN(x), x, hn::IfThenElse(hn::Gt(x, most), infinite, exp));
}

void ExpOf(float* v, float factor, size_t n) {
  ForAll(n, [=](auto d, size_t i) HWY_ATTR {
    hn::StoreU(SafeExp(d, hn::Mul(hn::LoadU(d, v + i), hn::Set(d, factor))), d, v + i);
  });
}

void LogisticOf(float* v, size_t n) {
  ForAll(n, [=](auto d, size_t i) HWY_ATTR {
    const auto x = hn::LoadU(d, v + i), one = hn::Set(d, 1.0f);
    // Of -|x|, so that the exponential stays small.
    const auto upper = hn::Div(one, hn::Add(one, SafeExp(d, hn::Neg(hn::Abs(x)))));
    hn::StoreU(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Sub(one, upper), upper), d, v + i);
  });
}

void SoftmaxOf(float* v, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; ++r) {
    float* row = v + r * width;
    float highest = row[0];
    for (size_t i = 1; i < width; ++i) highest = row[i] > highest ? row[i] : highest;
    for (size_t i = 0; i < width; ++i) row[i] -= highest;
  }
  ExpOf(v, 1, rows * width);
  for (size_t r = 0; r < rows; ++r) {
    float* row = v + r * width;
    float sum = 0;
    for (size_t i = 0; i < width; ++i) sum += row[i];
    for (size_t i = 0; i < width; ++i) row[i] /= sum;
  }
}

void TanhOf(float* v, float factor, float term, size_t n) {
  ForAll(n, [=](auto d, size_t i) HWY_ATTR {
    const auto x = hn::MulAdd(hn::LoadU(d, v + i), hn::Set(d, factor), hn::Set(d, term));
    // Beyond 10 tanh is 1 in f32.
    const auto tanh = hn::Tanh(d, hn::Clamp(x, hn::Set(d, -10.0f), hn::Set(d, 10.0f)));
    hn::StoreU(hn::IfThenElse(hn::IsNaN(x), x, tanh), d, v + i);
  });
}

}  // namespace lamina::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lamina::simd {

HWY_EXPORT(ExpOf);
HWY_EXPORT(LogisticOf);
HWY_EXPORT(SoftmaxOf);
HWY_EXPORT(TanhOf);

void ExpOf(float* v, float factor, size_t n) { HWY_DYNAMIC_DISPATCH(ExpOf)(v, factor, n); }
void LogisticOf(float* v, size_t n) { HWY_DYNAMIC_DISPATCH(LogisticOf)(v, n); }
void SoftmaxOf(float* v, size_t rows, size_t width) { HWY_DYNAMIC_DISPATCH(SoftmaxOf)(v, rows, width); }
void TanhOf(float* v, float factor, float term, size_t n) { HWY_DYNAMIC_DISPATCH(TanhOf)(v, factor, term, n); }

}  // namespace lamina::simd
#endif  // HWY_ONCE
