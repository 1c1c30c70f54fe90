#include "server/protocols/wire/wire_reader.h"

#include <array>
#include <bit>

namespace lamina::server {

static_assert(std::endian::native == std::endian::little, "fixed-size values travel little-endian and are not swapped");

// Not by recursion: the groups that are open are a small array.
bool WireReader::SkipGroup() {
  std::array<uint32_t, kMaxDepth> open;
  int count = 0;
  do {
    if (type_ == WireType::kStartGroup) {
      if (count == depth_) return false;
      open[count++] = number_;
    } else if (type_ == WireType::kEndGroup) {
      if (open[--count] != number_) return false;
    } else if (!ReadValue()) {
      return false;
    }
  } while (count > 0 && ReadTag());
  type_ = WireType::kStartGroup;
  return count == 0;
}

}  // namespace lamina::server
