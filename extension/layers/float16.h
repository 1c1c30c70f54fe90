// IEEE binary16 to and from float.
#ifndef LAMINA_EXTENSION_LAYERS_FLOAT16_H_
#define LAMINA_EXTENSION_LAYERS_FLOAT16_H_

#include <lamina/types.h>

#include <bit>
#include <cmath>

namespace lamina::layers {

/// Exact.
inline float ToFloat(Float16 half) {
  const uint32_t sign = uint32_t{half.bits} >> 15 << 31, exponent = half.bits >> 10 & 31, fraction = half.bits & 1023;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000 | fraction << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(std::ldexp(static_cast<float>(fraction), -24)));
}

/// Rounds to the nearest, ties to even.
inline Float16 ToFloat16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value), sign = bits >> 31 << 15, magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return {static_cast<uint16_t>(sign | 0x7E00)};
  if (magnitude >= 0x477FF000) return {static_cast<uint16_t>(sign | 0x7C00)};  // 65520 and above round to infinity
  if (magnitude < 0x38800000) {  // below 2^-14: a multiple of 2^-24; nearbyint rounds ties to even
    return {static_cast<uint16_t>(sign | static_cast<uint32_t>(std::nearbyint(std::ldexp(std::abs(value), 24))))};
  }
  const uint32_t rounded = magnitude + 0xFFF + (magnitude >> 13 & 1) - (112u << 23);
  return {static_cast<uint16_t>(sign | rounded >> 13)};
}

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_FLOAT16_H_
