// Numbers as text and back, as the casts of ONNX have them.
#ifndef LAMINA_EXTENSION_LAYERS_NUMBER_TEXT_H_
#define LAMINA_EXTENSION_LAYERS_NUMBER_TEXT_H_

#include <string>
#include <string_view>

namespace lamina::layers {

/// The number that a text holds: digits as C++ writes them, blanks around and a sign before them, for floating point
/// also inf, infinity and nan in any case. Floats beyond the range are infinite. Throws an Error beginning with `layer`
/// for any other text. T is float, double, int64_t or uint64_t.
template <class T>
T NumberFrom(std::string_view text, const char* layer);

/// Eight digits without zeros at the end (C's %.8g, for doubles too: onnxruntime does so), "NaN", "INF" and "-INF".
std::string TextOf(double value);

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_NUMBER_TEXT_H_
