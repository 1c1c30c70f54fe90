#include "extension/simd/product.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "extension/simd/product.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lamina::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

struct Multiply {
  template <class V>
  HWY_INLINE V operator()(V a, V b, V sum) const {
    return hn::MulAdd(a, b, sum);
  }
};

struct Distance {
  template <class V>
  HWY_INLINE V operator()(V a, V b, V sum) const {
    const V difference = hn::Sub(a, b);
    return hn::MulAdd(difference, difference, sum);
  }
};

/// kRows rows against one panel: kRows x kVectors sums stay in registers while k goes by.
template <size_t kRows, class T, class Term>
HWY_INLINE void Block(const T* x, size_t depth, const T* panel, const T* bias, size_t columns, T* out, size_t stride) {
  const hn::CappedTag<T, Packed<T>::kWidth> d;
  using V = hn::Vec<decltype(d)>;
  constexpr size_t kLanes = hn::MaxLanes(d);
  constexpr size_t kVectors = Packed<T>::kWidth / kLanes;
  V sums[kRows][kVectors];
  for (size_t r = 0; r < kRows; ++r) {
    for (size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::LoadU(d, bias + v * kLanes);
  }
  for (size_t k = 0; k < depth; ++k) {
    V b[kVectors];
    for (size_t v = 0; v < kVectors; ++v) b[v] = hn::LoadU(d, panel + k * Packed<T>::kWidth + v * kLanes);
    for (size_t r = 0; r < kRows; ++r) {
      const V a = hn::Set(d, x[r * depth + k]);
      for (size_t v = 0; v < kVectors; ++v) sums[r][v] = Term()(a, b[v], sums[r][v]);
    }
  }
  HWY_ALIGN T row[Packed<T>::kWidth];
  for (size_t r = 0; r < kRows; ++r) {
    for (size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], d, row + v * kLanes);
    for (size_t c = 0; c < columns; ++c) out[r * stride + c] = row[c];
  }
}

template <class T, class Term>
HWY_INLINE void AllPanels(const T* x, size_t rows, const Packed<T>& packed, const T* bias, T* out) {
  // As many rows as there are registers for: 16 of them up to AVX2, 32 on AVX-512.
  constexpr size_t kLanes = hn::MaxLanes(hn::CappedTag<T, Packed<T>::kWidth>());
  constexpr size_t kRows = kLanes == Packed<T>::kWidth ? 8 : kLanes * 2 == Packed<T>::kWidth ? 4 : 2;
  for (size_t p = 0; p < packed.panels(); ++p) {
    const size_t first = p * Packed<T>::kWidth;
    const size_t columns = HWY_MIN(packed.count() - first, Packed<T>::kWidth);
    HWY_ALIGN T start[Packed<T>::kWidth] = {};
    for (size_t c = 0; bias && c < columns; ++c) start[c] = bias[first + c];
    size_t r = 0;
    for (; r + kRows <= rows; r += kRows) {
      Block<kRows, T, Term>(x + r * packed.depth(), packed.depth(), packed.panel(p), start, columns,
                            out + r * packed.count() + first, packed.count());
    }
    for (; r < rows; ++r) {
      Block<1, T, Term>(x + r * packed.depth(), packed.depth(), packed.panel(p), start, columns,
                        out + r * packed.count() + first, packed.count());
    }
  }
}

void ProductsF32(const float* x, size_t rows, const Packed<float>& packed, const float* bias, float* out) {
  AllPanels<float, Multiply>(x, rows, packed, bias, out);
}

void DistancesF32(const float* x, size_t rows, const Packed<float>& packed, float* out) {
  AllPanels<float, Distance>(x, rows, packed, nullptr, out);
}

void ProductsF64(const double* x, size_t rows, const Packed<double>& packed, const double* bias, double* out) {
  AllPanels<double, Multiply>(x, rows, packed, bias, out);
}

void DistancesF64(const double* x, size_t rows, const Packed<double>& packed, double* out) {
  AllPanels<double, Distance>(x, rows, packed, nullptr, out);
}

void Dots(const float* x, size_t rows, const float* w, size_t depth, float bias, float* out) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  for (size_t r = 0; r < rows; ++r, x += depth) {
    auto even = hn::Zero(d), odd = hn::Zero(d);
    size_t k = 0;
    for (; k + 2 * lanes <= depth; k += 2 * lanes) {
      even = hn::MulAdd(hn::LoadU(d, x + k), hn::LoadU(d, w + k), even);
      odd = hn::MulAdd(hn::LoadU(d, x + k + lanes), hn::LoadU(d, w + k + lanes), odd);
    }
    for (; k + lanes <= depth; k += lanes) even = hn::MulAdd(hn::LoadU(d, x + k), hn::LoadU(d, w + k), even);
    float sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(even, odd)));
    for (; k < depth; ++k) sum += x[k] * w[k];
    out[r] = sum + bias;
  }
}

double Dot(const float* a, const float* b, size_t n) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> narrow;
  auto even = hn::Zero(d), odd = hn::Zero(d);
  const size_t lanes = hn::Lanes(d);
  const auto at = [=](const float* from) HWY_ATTR { return hn::PromoteTo(d, hn::LoadU(narrow, from)); };
  size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    even = hn::MulAdd(at(a + i), at(b + i), even);
    odd = hn::MulAdd(at(a + i + lanes), at(b + i + lanes), odd);
  }
  double sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(even, odd)));
  for (; i < n; ++i) sum += double{a[i]} * b[i];
  return sum;
}

}  // namespace lamina::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lamina::simd {

HWY_EXPORT(ProductsF32);
HWY_EXPORT(DistancesF32);
HWY_EXPORT(ProductsF64);
HWY_EXPORT(DistancesF64);
HWY_EXPORT(Dots);
HWY_EXPORT(Dot);

template <class T>
Packed<T>::Packed(const T* rows, size_t count, size_t depth) : count_(count), depth_(depth) {
  values_.resize(panels() * depth * kWidth);
  for (size_t c = 0; c < count; ++c) {
    T* to = values_.data() + c / kWidth * depth * kWidth + c % kWidth;
    for (size_t k = 0; k < depth; ++k) to[k * kWidth] = rows[c * depth + k];
  }
}
template class Packed<float>;
template class Packed<double>;

void Products(const float* x, size_t rows, const Packed<float>& packed, const float* bias, float* out) {
  HWY_DYNAMIC_DISPATCH(ProductsF32)(x, rows, packed, bias, out);
}
void Products(const double* x, size_t rows, const Packed<double>& packed, const double* bias, double* out) {
  HWY_DYNAMIC_DISPATCH(ProductsF64)(x, rows, packed, bias, out);
}
void SquaredDistances(const float* x, size_t rows, const Packed<float>& packed, float* out) {
  HWY_DYNAMIC_DISPATCH(DistancesF32)(x, rows, packed, out);
}
void SquaredDistances(const double* x, size_t rows, const Packed<double>& packed, double* out) {
  HWY_DYNAMIC_DISPATCH(DistancesF64)(x, rows, packed, out);
}
void Products(const float* x, size_t rows, const float* w, size_t depth, float bias, float* out) {
  HWY_DYNAMIC_DISPATCH(Dots)(x, rows, w, depth, bias, out);
}

double Dot(const float* a, const float* b, size_t n) { return HWY_DYNAMIC_DISPATCH(Dot)(a, b, n); }

}  // namespace lamina::simd
#endif  // HWY_ONCE
