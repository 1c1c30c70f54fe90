#include "server/protocols/wire/wire_list.h"

#include <algorithm>

namespace lamina::server {
namespace {

size_t CountPacked(WireBytes packed, WireType element) {
  if (element == WireType::kFixed32) return packed.size() / 4;
  if (element == WireType::kFixed64) return packed.size() / 8;
  // A varint's last byte is the one without the highest bit.
  return std::count_if(packed.begin(), packed.end(),
                       [](std::byte byte) { return (byte & std::byte{0x80}) == std::byte{}; });
}

}  // namespace

WireList::WireList(const WirePieces& message, uint32_t number, WireType element)
    : message_(message), number_(number), element_(element) {
  for (const WireBytes piece : message) {
    WireReader reader(piece);
    while (reader.Next()) {
      if (reader.Is(number, element)) {
        ++size_;
        runs_ += 2;  // its tag lies before the next element
      } else if (reader.Is(number, WireType::kBytes) && !reader.bytes().empty()) {
        size_ += CountPacked(reader.bytes(), element);
        ++runs_;
        run_ = reader.bytes();
      }
    }
  }
}

}  // namespace lamina::server
