#ifndef LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_LIST_H_
#define LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_LIST_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>

#include "server/protocols/wire/wire_reader.h"

namespace lamina::server {

/// How an element of a list of `T` is written.
template <typename T>
inline constexpr WireType kWireTypeOf = !std::is_floating_point_v<T> ? WireType::kVarint
                                        : sizeof(T) == 4             ? WireType::kFixed32
                                                                     : WireType::kFixed64;

/// The element that such bits stand for; a varint that is too large loses its upper bits.
template <typename T>
T FromWire(uint64_t bits) {
  if constexpr (std::is_same_v<T, float>) return std::bit_cast<float>(static_cast<uint32_t>(bits));
  if constexpr (std::is_same_v<T, double>) return std::bit_cast<double>(bits);
  return static_cast<T>(bits);
}

/// Appends the elements of a packed list without faults, until there are `most`.
template <typename Vector>
void AppendVarints(WireBytes packed, size_t most, Vector& values) {
  const std::byte* p = packed.data();
  const std::byte* const end = p + packed.size();
  uint64_t value = 0;
  while (p != end && values.size() < most && (p = DecodeVarint(p, end, value)) != nullptr) {
    values.push_back(static_cast<typename Vector::value_type>(value));
  }
}

/// A repeated number of a message without faults: packed or not, as it came. A view of the pieces, which must stay.
class WireList {
 public:
  /// `element`: kVarint, kFixed32 or kFixed64.
  WireList(const WirePieces& message, uint32_t number, WireType element);

  size_t size() const { return size_; }

  /// The elements where they lie in the message, when they lie there as they do in memory: of fixed size, and in one
  /// run.
  std::optional<WireBytes> InPlace() const {
    if (size_ == 0) return WireBytes();
    return runs_ == 1 && element_ != WireType::kVarint ? std::optional(run_) : std::nullopt;
  }

  /// Calls `take(uint64_t bits)` with each element in order, until it returns false.
  template <typename Take>
  void ForEach(Take take) const {
    for (const WireBytes piece : message_) {
      WireReader reader(piece);
      while (reader.Next()) {
        if (reader.Is(number_, element_)) {
          if (!take(reader.value())) return;
        } else if (reader.Is(number_, WireType::kBytes)) {
          if (!ForEachPacked(reader.bytes(), take)) return;
        }
      }
    }
  }

 private:
  template <typename Take>
  bool ForEachPacked(WireBytes packed, Take& take) const {
    const std::byte* p = packed.data();
    const std::byte* const end = p + packed.size();
    const size_t width = element_ == WireType::kFixed32 ? 4 : 8;
    while (p != nullptr && p != end) {
      uint64_t bits = 0;
      if (element_ == WireType::kVarint) {
        p = DecodeVarint(p, end, bits);
      } else if (static_cast<size_t>(end - p) < width) {
        return false;
      } else {
        std::memcpy(&bits, p, width);
        p += width;
      }
      if (p != nullptr && !take(bits)) return false;
    }
    return p != nullptr;
  }

  const WirePieces& message_;
  uint32_t number_;
  WireType element_;
  size_t size_ = 0;
  size_t runs_ = 0;
  WireBytes run_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_LIST_H_
