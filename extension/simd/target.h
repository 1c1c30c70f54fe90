// Which instruction set the vector helpers run on.
#ifndef LAMINA_EXTENSION_SIMD_TARGET_H_
#define LAMINA_EXTENSION_SIMD_TARGET_H_

namespace lamina::simd {

/// The target that runs now, in Highway's names: "AVX3", "AVX2", "SSE4", ...
const char* Target();

}  // namespace lamina::simd

#endif  // LAMINA_EXTENSION_SIMD_TARGET_H_
