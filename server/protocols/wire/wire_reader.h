#ifndef LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_READER_H_
#define LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>

#include "absl/container/inlined_vector.h"

namespace lamina::server {

/// A message in protobuf's wire format, or a part of one.
using WireBytes = std::span<const std::byte>;

/// One message that came in several pieces, which protobuf merges: as if they were written one behind the other.
using WirePieces = absl::InlinedVector<WireBytes, 1>;

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kStartGroup = 3, kEndGroup = 4, kFixed32 = 5 };

/// Decodes the varint at `p`, of at most `kMaxBytes` bytes; bits above the 64th are dropped. Returns its end, or
/// nullptr when it is cut off or longer.
template <int kMaxBytes = 10>
inline const std::byte* DecodeVarint(const std::byte* p, const std::byte* end, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 7 * kMaxBytes && p != end; shift += 7) {
    const auto byte = std::to_integer<uint64_t>(*p++);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return p;
  }
  return nullptr;
}

/// Walks over the fields of a message, never beyond its end, and takes just what protobuf 3.21 takes: tags and sizes of
/// at most 5 bytes, varints of at most 10, any form of them that is longer than needed; groups are passed over.
///
///     WireReader reader(message);
///     while (reader.Next()) if (reader.Is(1, WireType::kBytes)) name = reader.text();
///     if (reader.malformed()) ...
class WireReader {
 public:
  /// How deep messages and groups may lie in one another.
  static constexpr int kMaxDepth = 100;
  /// What a size may be at most, as protobuf says it.
  static constexpr uint64_t kMaxSize = std::numeric_limits<int32_t>::max() - 16;

  /// `depth`: how many levels there may be below this message. REQUIRES: 0 <= depth <= kMaxDepth.
  explicit WireReader(WireBytes message, int depth = kMaxDepth)
      : position_(message.data()), end_(message.data() + message.size()), depth_(depth) {}

  /// Goes to the next field that is no group; false at the end of the message, and where it is malformed.
  bool Next() {
    while (position_ != end_) {
      if (!ReadTag() || !ReadValue()) {
        malformed_ = true;
        return false;
      }
      if (type_ != WireType::kStartGroup) return true;
    }
    return false;
  }

  bool malformed() const { return malformed_; }
  /// Where the next field begins, or what is malformed.
  const std::byte* position() const { return position_; }
  int depth() const { return depth_; }

  uint32_t number() const { return number_; }
  WireType type() const { return type_; }
  bool Is(uint32_t number, WireType type) const { return number_ == number && type_ == type; }

  /// The value of a varint, or the bits of a fixed one.
  uint64_t value() const { return value_; }
  /// The contents of a field of bytes, text, a message or a packed list.
  WireBytes bytes() const { return bytes_; }
  std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

 private:
  bool ReadTag() {
    uint64_t tag = 0;
    const std::byte* after = DecodeVarint<5>(position_, end_, tag);
    if (after == nullptr) return false;
    position_ = after;
    type_ = static_cast<WireType>(tag & 7);
    number_ = static_cast<uint32_t>(tag) >> 3;
    return number_ != 0;
  }

  bool ReadValue() {
    switch (type_) {
      case WireType::kVarint:
        return ReadVarint();
      case WireType::kBytes:
        return ReadBytes();
      case WireType::kFixed32:
        return ReadFixed<uint32_t>();
      case WireType::kFixed64:
        return ReadFixed<uint64_t>();
      case WireType::kStartGroup:
        return SkipGroup();
      default:  // the end of a group that has not begun, or no type at all
        return false;
    }
  }

  bool ReadVarint() {
    const std::byte* after = DecodeVarint(position_, end_, value_);
    if (after == nullptr) return false;
    position_ = after;
    return true;
  }

  bool ReadBytes() {
    uint64_t size = 0;
    const std::byte* after = DecodeVarint<5>(position_, end_, size);
    if (after == nullptr || size > kMaxSize || size > static_cast<uint64_t>(end_ - after)) return false;
    bytes_ = {after, static_cast<size_t>(size)};
    position_ = after + size;
    return true;
  }

  template <typename Bits>
  bool ReadFixed() {
    if (static_cast<size_t>(end_ - position_) < sizeof(Bits)) return false;
    Bits bits = 0;
    std::memcpy(&bits, position_, sizeof(bits));
    value_ = bits;
    position_ += sizeof(bits);
    return true;
  }

  bool SkipGroup();

  const std::byte* position_;
  const std::byte* end_;
  int depth_;
  uint32_t number_ = 0;
  WireType type_ = WireType::kVarint;
  bool malformed_ = false;
  uint64_t value_ = 0;
  WireBytes bytes_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_READER_H_
