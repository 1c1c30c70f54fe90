#include "extension/simd/elementwise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "extension/simd/elementwise.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lamina::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using One = hn::CappedTag<float, 1>;

/// Calls body(d, i, j) for i in [0, n), vectors first and then single values; j is i's place in the repeated operand.
template <class Body>
HWY_INLINE void ForPeriods(size_t length, size_t n, const Body& body) {
  const Floats d;
  const One one;
  const size_t lanes = hn::Lanes(d);
  for (size_t begin = 0; begin < n; begin += length) {
    const size_t count = n - begin < length ? n - begin : length;
    size_t j = 0;
    for (; j + lanes <= count; j += lanes) body(d, begin + j, j);
    for (; j < count; ++j) body(one, begin + j, j);
  }
}

void Scale(const float* x, const float* offset, const float* scale, size_t length, float* y, size_t n) {
  ForPeriods(length, n, [=](auto d, size_t i, size_t j) HWY_ATTR {
    hn::StoreU(hn::Mul(hn::Sub(hn::LoadU(d, x + i), hn::LoadU(d, offset + j)), hn::LoadU(d, scale + j)), d, y + i);
  });
}

void Replace(const float* x, const float* values, float replaced, size_t length, float* y, size_t n) {
  ForPeriods(length, n, [=](auto d, size_t i, size_t j) HWY_ATTR {
    const auto v = hn::LoadU(d, x + i);
    hn::StoreU(hn::IfThenElse(hn::Eq(v, hn::Set(d, replaced)), hn::LoadU(d, values + j), v), d, y + i);
  });
}

void ReplaceNaN(const float* x, const float* values, size_t length, float* y, size_t n) {
  ForPeriods(length, n, [=](auto d, size_t i, size_t j) HWY_ATTR {
    const auto v = hn::LoadU(d, x + i);
    hn::StoreU(hn::IfThenElse(hn::IsNaN(v), hn::LoadU(d, values + j), v), d, y + i);
  });
}

void Binarize(const float* x, float threshold, float* y, size_t n) {
  ForPeriods(n, n, [=](auto d, size_t i, size_t) HWY_ATTR {
    hn::StoreU(hn::IfThenElseZero(hn::Gt(hn::LoadU(d, x + i), hn::Set(d, threshold)), hn::Set(d, 1.0f)), d, y + i);
  });
}

}  // namespace lamina::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lamina::simd {

HWY_EXPORT(Scale);
HWY_EXPORT(Replace);
HWY_EXPORT(ReplaceNaN);
HWY_EXPORT(Binarize);

std::vector<float> Repeat(const std::vector<float>& values) {
  constexpr size_t kLanes = 16, kWorthwhile = 512;
  if (values.empty()) return {};
  const size_t whole = values.size() * (kLanes / std::gcd(values.size(), kLanes));
  std::vector<float> repeated(whole * std::max<size_t>(1, kWorthwhile / whole));
  for (size_t i = 0; i < repeated.size(); ++i) repeated[i] = values[i % values.size()];
  return repeated;
}

void Scale(const float* x, const float* offset, const float* scale, size_t length, float* y, size_t n) {
  HWY_DYNAMIC_DISPATCH(Scale)(x, offset, scale, length, y, n);
}

void Replace(const float* x, float replaced, const float* values, size_t length, float* y, size_t n) {
  if (std::isnan(replaced)) {
    HWY_DYNAMIC_DISPATCH(ReplaceNaN)(x, values, length, y, n);
  } else {
    HWY_DYNAMIC_DISPATCH(Replace)(x, values, replaced, length, y, n);
  }
}

void Binarize(const float* x, float threshold, float* y, size_t n) {
  if (n != 0) HWY_DYNAMIC_DISPATCH(Binarize)(x, threshold, y, n);
}

}  // namespace lamina::simd
#endif  // HWY_ONCE
