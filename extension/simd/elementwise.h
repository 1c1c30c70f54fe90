// Vector loops over features that repeat from row to row: the second operand is periodic.
//
// All of them choose their instruction set at run time, start no threads and may be called by several at once.
#ifndef LAMINA_EXTENSION_SIMD_ELEMENTWISE_H_
#define LAMINA_EXTENSION_SIMD_ELEMENTWISE_H_

#include <cstddef>
#include <vector>

namespace lamina::simd {

/// Repeats the values until they fill whole vectors of every width (a multiple of 16) and a loop over them is worth its
/// start. A loop that begins at a multiple of values.size() may then walk the result from its beginning.
std::vector<float> Repeat(const std::vector<float>& values);

/// y[i] = (x[i] - offset[i mod length]) * scale[i mod length]; x and y may be the same.
/// REQUIRES: offset and scale made by Repeat, both of this length.
void Scale(const float* x, const float* offset, const float* scale, size_t length, float* y, size_t n);

/// y[i] = x[i] == replaced ? values[i mod length] : x[i]; a NaN equals a NaN here.
/// REQUIRES: values made by Repeat, of this length.
void Replace(const float* x, float replaced, const float* values, size_t length, float* y, size_t n);

/// y[i] = x[i] > threshold ? 1 : 0.
void Binarize(const float* x, float threshold, float* y, size_t n);

}  // namespace lamina::simd

#endif  // LAMINA_EXTENSION_SIMD_ELEMENTWISE_H_
