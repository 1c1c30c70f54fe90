#ifndef LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_WRITER_H_
#define LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_WRITER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "server/protocols/wire/wire_reader.h"

namespace lamina::server {

constexpr size_t VarintSize(uint64_t value) { return (std::bit_width(value | 1) + 6) / 7; }

/// Of the tag and the length that stand before `size` bytes.
constexpr size_t HeaderSize(uint32_t number, size_t size) {
  return VarintSize(uint64_t{number} << 3) + VarintSize(size);
}

/// Of a whole field of bytes.
constexpr size_t FieldSize(uint32_t number, size_t size) { return HeaderSize(number, size) + size; }

/// Of a whole field of text: nothing when it is empty, which is proto3's default.
constexpr size_t TextSize(uint32_t number, std::string_view text) {
  return text.empty() ? 0 : FieldSize(number, text.size());
}

/// Writes protobuf's wire format into memory whose size was reckoned before with the functions above.
/// REQUIRES: that the memory is large enough.
class WireWriter {
 public:
  explicit WireWriter(std::span<std::byte> memory) : position_(memory.data()) {}

  const std::byte* position() const { return position_; }

  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) *position_++ = static_cast<std::byte>(value | 0x80);
    *position_++ = static_cast<std::byte>(value);
  }

  void VarintField(uint32_t number, uint64_t value) {
    Tag(number, WireType::kVarint);
    Varint(value);
  }

  /// What stands before `size` bytes of a message, text or packed list.
  void Header(uint32_t number, size_t size) {
    Tag(number, WireType::kBytes);
    Varint(size);
  }

  void Text(uint32_t number, std::string_view text) {
    if (text.empty()) return;
    Header(number, text.size());
    Raw(text);
  }

  void Raw(std::string_view bytes) {
    if (bytes.empty()) return;  // its data() may be null
    std::memcpy(position_, bytes.data(), bytes.size());
    position_ += bytes.size();
  }

 private:
  void Tag(uint32_t number, WireType type) { Varint(uint64_t{number} << 3 | static_cast<uint64_t>(type)); }

  std::byte* position_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_WRITER_H_
