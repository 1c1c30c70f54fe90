// Curves over arrays: what support vectors' kernels bend their products with.
#ifndef LAMINA_EXTENSION_SIMD_CURVES_H_
#define LAMINA_EXTENSION_SIMD_CURVES_H_

#include <cstddef>

namespace lamina::simd {

/// v[i] = exp(factor * v[i]); within 2 units in the last place.
void ExpOf(float* v, float factor, size_t n);

/// v[i] = tanh(factor * v[i] + term); within 4 units in the last place.
void TanhOf(float* v, float factor, float term, size_t n);

}  // namespace lamina::simd

#endif  // LAMINA_EXTENSION_SIMD_CURVES_H_
