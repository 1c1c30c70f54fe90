#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_WIRE_TEXT_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_WIRE_TEXT_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace lamina::server::wire_text {

// Protobuf's wire format put together by hand, for messages that no library would write.

inline std::string Varint(uint64_t value) {
  std::string text;
  for (; value >= 0x80; value >>= 7) text += static_cast<char>(value | 0x80);
  return text + static_cast<char>(value);
}

/// A varint of more bytes than it needs. REQUIRES: value < 128, bytes >= 2.
inline std::string LongVarint(uint8_t value, int bytes) {
  std::string text(1, static_cast<char>(value | 0x80));
  text.append(bytes - 2, '\x80');
  return text + '\0';
}

inline std::string Tag(uint32_t number, uint32_t type) { return Varint(uint64_t{number} << 3 | type); }
inline std::string Number(uint32_t number, uint64_t value) { return Tag(number, 0) + Varint(value); }
inline std::string Begin(uint32_t number) { return Tag(number, 3); }
inline std::string End(uint32_t number) { return Tag(number, 4); }

/// Text, bytes, a message or a packed list.
inline std::string Field(uint32_t number, const std::string& bytes) {
  return Tag(number, 2) + Varint(bytes.size()) + bytes;
}

template <typename T>
std::string Bits(T value) {
  std::string text(sizeof(T), '\0');
  std::memcpy(text.data(), &value, sizeof(T));
  return text;
}

inline std::string Fixed32(uint32_t number, uint32_t bits) { return Tag(number, 5) + Bits(bits); }
inline std::string Fixed64(uint32_t number, uint64_t bits) { return Tag(number, 1) + Bits(bits); }

inline std::string Packed(const std::vector<uint64_t>& values) {
  std::string text;
  for (const uint64_t value : values) text += Varint(value);
  return text;
}

/// An entry of a map.
inline std::string Entry(uint32_t number, const std::string& key, const std::string& value) {
  return Field(number, Field(1, key) + Field(2, value));
}

/// `text` in `depth` groups, one in the other.
inline std::string Groups(uint32_t number, int depth, const std::string& text = "") {
  std::string all;
  for (int i = 0; i < depth; ++i) all += Begin(number);
  all += text;
  for (int i = 0; i < depth; ++i) all += End(number);
  return all;
}

}  // namespace lamina::server::wire_text

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_WIRE_TEXT_H_
