#include "extension/text/utf8.h"

namespace lamina::text {
namespace {

/// The code point of `bytes` bytes, whose first gave the bits in `head`; false if they are not well formed.
bool Continue(std::string_view text, size_t i, size_t bytes, char32_t head, char32_t& code_point) {
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (i + bytes > text.size()) return false;
  code_point = head;
  for (size_t k = 1; k < bytes; ++k) {
    const auto byte = static_cast<unsigned char>(text[i + k]);
    if (byte >> 6 != 2) return false;
    code_point = code_point << 6 | (byte & 63);
  }
  const bool is_surrogate = code_point >= 0xD800 && code_point < 0xE000;
  return code_point >= kLeast[bytes] && code_point <= kLastCodePoint && !is_surrogate;
}

/// False for a byte that begins no code point; then it is kReplacement.
bool TryDecode(std::string_view text, size_t& i, char32_t& code_point) {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (byte < 0x80) {
    code_point = byte;
    ++i;
    return true;
  }
  const size_t bytes = byte >> 5 == 6 ? 2 : byte >> 4 == 14 ? 3 : byte >> 3 == 30 ? 4 : 0;
  if (bytes != 0 && Continue(text, i, bytes, byte & (0x7Fu >> bytes), code_point)) {
    i += bytes;
    return true;
  }
  code_point = kReplacement;
  ++i;
  return false;
}

}  // namespace

char32_t Decode(std::string_view text, size_t& i) {
  char32_t code_point;
  TryDecode(text, i, code_point);
  return code_point;
}

void Append(char32_t c, std::string& text) {
  if (c < 0x80) {
    text += static_cast<char>(c);
    return;
  }
  constexpr char32_t kHeads[] = {0, 0xC0, 0xE0, 0xF0};
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;  // bytes behind the first
  text += static_cast<char>(kHeads[more] | c >> 6 * more);
  for (int k = more - 1; k >= 0; --k) text += static_cast<char>(0x80 | (c >> 6 * k & 63));
}

bool IsUtf8(std::string_view text) {
  char32_t code_point;
  for (size_t i = 0; i < text.size();) {
    if (!TryDecode(text, i, code_point)) return false;
  }
  return true;
}

size_t Length(std::string_view text) {
  size_t length = 0;
  for (size_t i = 0; i < text.size(); ++length) Decode(text, i);
  return length;
}

}  // namespace lamina::text
