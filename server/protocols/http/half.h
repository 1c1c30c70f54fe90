#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_HALF_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_HALF_H_

#include <cstdint>

namespace lamina::server {

/// The two 16-bit floats, which C++20 has no types for, from and to float. To 16 bits they round to nearest, ties to
/// even; what rounds to more than the largest becomes infinite.
float HalfToFloat(uint16_t bits);
uint16_t FloatToHalf(float value);
float BFloat16ToFloat(uint16_t bits);
uint16_t FloatToBFloat16(float value);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_HALF_H_
