// Curves over arrays: what support vectors' kernels bend their products with.
#ifndef LAMINA_EXTENSION_SIMD_CURVES_H_
#define LAMINA_EXTENSION_SIMD_CURVES_H_

#include <cstddef>

namespace lamina::simd {

/// v[i] = exp(factor * v[i]); within 2 units in the last place. NaN stays NaN.
void ExpOf(float* v, float factor, size_t n);

/// v[i] = 1 / (1 + exp(-v[i])); within 4 units in the last place of the larger of it and its complement. NaN stays NaN.
void LogisticOf(float* v, size_t n);

/// Each of `rows` rows of `width` values: exp(v) by the row's sum of them. A row with a NaN becomes NaN.
void SoftmaxOf(float* v, size_t rows, size_t width);

/// v[i] = tanh(factor * v[i] + term); within 4 units in the last place. NaN stays NaN.
void TanhOf(float* v, float factor, float term, size_t n);

}  // namespace lamina::simd

#endif  // LAMINA_EXTENSION_SIMD_CURVES_H_
