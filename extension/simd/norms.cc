#include "extension/simd/norms.h"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "extension/simd/norms.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lamina::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;

/// The norm's sum or maximum over one row: `combine` takes the vector so far and the next values.
template <class Combine, class Reduce, class CombineOne>
HWY_INLINE float Fold(const float* x, size_t features, float start, Combine combine, Reduce reduce, CombineOne one) {
  const Floats d;
  float result = start;
  size_t i = 0;
  if (features >= hn::Lanes(d)) {
    auto sums = hn::Set(d, start);
    for (; i + hn::Lanes(d) <= features; i += hn::Lanes(d)) sums = combine(sums, hn::LoadU(d, x + i));
    result = hn::GetLane(reduce(sums));
  }
  for (; i < features; ++i) result = one(result, x[i]);
  return result;
}

/// MAX and L1: the norm; L2: its square.
template <Norm kNorm>
HWY_INLINE float NormOf(const float* x, size_t features) {
  const Floats d;
  using V = hn::Vec<Floats>;
  if constexpr (kNorm == Norm::kMax) {
    const auto larger = [](V most, V v) HWY_ATTR { return hn::IfThenElse(hn::Gt(v, most), v, most); };
    return Fold(
        x, features, std::numeric_limits<float>::lowest(), larger, [=](V v) HWY_ATTR { return hn::MaxOfLanes(d, v); },
        [](float most, float v) { return v > most ? v : most; });
  } else if constexpr (kNorm == Norm::kL1) {
    return Fold(
        x, features, 0, [](V sum, V v) HWY_ATTR { return hn::Add(sum, hn::Abs(v)); },
        [=](V v) HWY_ATTR { return hn::SumOfLanes(d, v); }, [](float sum, float v) { return sum + std::abs(v); });
  } else {
    // One after the other, as onnxruntime adds them up: trees behind a norm split at its last bits.
    float sum = 0;
    for (size_t i = 0; i < features; ++i) sum += x[i] * x[i];
    return sum;
  }
}

/// x over the norm; L2 in onnxruntime's way, from the squares.
template <Norm kNorm, class V>
HWY_INLINE V Divided(V x, V norm) {
  if constexpr (kNorm == Norm::kL2) return hn::CopySign(hn::Sqrt(hn::Div(hn::Mul(x, x), norm)), x);
  return hn::Div(x, norm);
}

template <Norm kNorm>
HWY_INLINE void Rows(const float* x, size_t rows, size_t features, float* y) {
  const Floats d;
  for (size_t r = 0; r < rows; ++r, x += features, y += features) {
    const float norm = NormOf<kNorm>(x, features);
    if (norm == 0) {
      std::copy_n(x, features, y);
      continue;
    }
    size_t i = 0;
    for (; i + hn::Lanes(d) <= features; i += hn::Lanes(d)) {
      hn::StoreU(Divided<kNorm>(hn::LoadU(d, x + i), hn::Set(d, norm)), d, y + i);
    }
    const hn::CappedTag<float, 1> one;
    for (; i < features; ++i) hn::StoreU(Divided<kNorm>(hn::LoadU(one, x + i), hn::Set(one, norm)), one, y + i);
  }
}

void NormalizeRows(Norm norm, const float* x, size_t rows, size_t features, float* y) {
  switch (norm) {
    case Norm::kMax:
      return Rows<Norm::kMax>(x, rows, features, y);
    case Norm::kL1:
      return Rows<Norm::kL1>(x, rows, features, y);
    case Norm::kL2:
      return Rows<Norm::kL2>(x, rows, features, y);
  }
}

}  // namespace lamina::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lamina::simd {

HWY_EXPORT(NormalizeRows);

void NormalizeRows(Norm norm, const float* x, size_t rows, size_t features, float* y) {
  HWY_DYNAMIC_DISPATCH(NormalizeRows)(norm, x, rows, features, y);
}

}  // namespace lamina::simd
#endif  // HWY_ONCE
