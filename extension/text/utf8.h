// UTF-8 to code points and back.
#ifndef LAMINA_EXTENSION_TEXT_UTF8_H_
#define LAMINA_EXTENSION_TEXT_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace lamina::text {

inline constexpr char32_t kLastCodePoint = 0x10FFFF;
/// What a byte that is no UTF-8 is read as.
inline constexpr char32_t kReplacement = 0xFFFD;

/// The code point at byte i, which moves behind it; a byte that begins none is kReplacement and one long.
/// REQUIRES: i < text.size().
char32_t Decode(std::string_view text, size_t& i);

void Append(char32_t code_point, std::string& text);

/// Whether the text is UTF-8: no overlong forms, no surrogates, nothing cut off.
bool IsUtf8(std::string_view text);

/// The number of code points.
size_t Length(std::string_view text);

}  // namespace lamina::text

#endif  // LAMINA_EXTENSION_TEXT_UTF8_H_
