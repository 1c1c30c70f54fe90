#ifndef LAMINA_SERVER_JSON_JSON_PLAIN_H_
#define LAMINA_SERVER_JSON_JSON_PLAIN_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lamina::server {

/// How many characters at the beginning of `text` are in a JSON string what they are here: ASCII, no control character,
/// quote or backslash. Nearly all strings are so to their end.
inline size_t PlainLength(std::string_view text) {
  static_assert(std::endian::native == std::endian::little, "the first character is the word's lowest byte");
  constexpr uint64_t kEach = 0x0101010101010101, kHigh = 0x80 * kEach;
  // The high bit of the first byte that is below `least`, and of no byte before it.
  const auto below = [](uint64_t bytes, uint64_t least) { return (bytes - least * kEach) & ~bytes & kHigh; };
  size_t i = 0;
  for (uint64_t eight; text.size() - i >= sizeof eight; i += sizeof eight) {
    std::memcpy(&eight, text.data() + i, sizeof eight);
    const uint64_t others =
        (eight & kHigh) | below(eight, 0x20) | below(eight ^ ('"' * kEach), 1) | below(eight ^ ('\\' * kEach), 1);
    if (others != 0) return i + static_cast<size_t>(std::countr_zero(others)) / 8;
  }
  for (; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
  }
  return i;
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_JSON_JSON_PLAIN_H_
