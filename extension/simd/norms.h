// Rows divided by their norms.
#ifndef LAMINA_EXTENSION_SIMD_NORMS_H_
#define LAMINA_EXTENSION_SIMD_NORMS_H_

#include <cstddef>

namespace lamina::simd {

enum class Norm { kMax, kL1, kL2 };

/// y = x / norm for each of `rows` rows of `features` values; rows of norm 0 are copied. kMax is the largest value, NaN
/// passed over, and at least the lowest float. Chooses its instruction set at run time; starts no threads.
/// REQUIRES: features > 0. x and y may be the same.
void NormalizeRows(Norm norm, const float* x, size_t rows, size_t features, float* y);

}  // namespace lamina::simd

#endif  // LAMINA_EXTENSION_SIMD_NORMS_H_
