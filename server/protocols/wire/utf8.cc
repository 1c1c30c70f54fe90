#include "server/protocols/wire/utf8.h"

#include <cstdint>
#include <cstring>

namespace lamina::server {
namespace {

/// The bytes from `p` on that are ASCII for sure: all but less than eight.
const uint8_t* SkipAscii(const uint8_t* p, const uint8_t* end) {
  while (end - p >= 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, p, sizeof(eight));
    if ((eight & 0x8080808080808080u) != 0) break;
    p += 8;
  }
  while (p != end && *p < 0x80) ++p;
  return p;
}

/// How many bytes follow a first byte, and what the first of them may be (Unicode 15, table 3-7); the others
/// are 80..BF.
struct Rest {
  int count;
  uint8_t low = 0x80;
  uint8_t high = 0xbf;
};

Rest RestAfter(uint8_t first) {
  if (first < 0xc2) return {0};  // a byte of the rest, or an overlong form
  if (first < 0xe0) return {1};
  if (first == 0xe0) return {2, 0xa0, 0xbf};
  if (first == 0xed) return {2, 0x80, 0x9f};
  if (first < 0xf0) return {2};
  if (first == 0xf0) return {3, 0x90, 0xbf};
  if (first < 0xf4) return {3};
  if (first == 0xf4) return {3, 0x80, 0x8f};
  return {0};
}

}  // namespace

bool IsUtf8(std::span<const std::byte> text) {
  const auto* p = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* const end = p + text.size();
  while ((p = SkipAscii(p, end)) != end) {
    const Rest rest = RestAfter(*p++);
    if (rest.count == 0 || end - p < rest.count || *p < rest.low || *p > rest.high) return false;
    for (int i = 1; i < rest.count; ++i) {
      if (p[i] < 0x80 || p[i] > 0xbf) return false;
    }
    p += rest.count;
  }
  return true;
}

}  // namespace lamina::server
