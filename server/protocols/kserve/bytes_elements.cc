#include "server/protocols/kserve/bytes_elements.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

constexpr size_t kLengthBytes = sizeof(uint32_t);

}  // namespace

absl::Status SplitBytesElements(std::string_view raw, size_t count, std::vector<std::string_view>& elements) {
  // Each element takes at least its length: this bounds what a small message can make us reserve.
  if (count > raw.size() / kLengthBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(count, " elements with a 4-byte length each are needed, got ", raw.size(), " bytes"));
  }
  std::string_view rest = raw;
  elements.reserve(count);
  while (elements.size() < count) {
    uint32_t length = 0;
    if (rest.size() >= kLengthBytes) std::memcpy(&length, rest.data(), kLengthBytes);
    if (rest.size() < kLengthBytes || length > rest.size() - kLengthBytes) {
      return absl::InvalidArgumentError(absl::StrCat("element ", elements.size(), " of ", count, " is cut off at byte ",
                                                     raw.size() - rest.size(), " of ", raw.size(),
                                                     "; expected a 4-byte little-endian length and as many bytes"));
    }
    elements.push_back(rest.substr(kLengthBytes, length));
    rest.remove_prefix(kLengthBytes + length);
  }
  if (rest.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(rest.size(), " bytes follow the last of ", count, " elements"));
}

size_t BytesElementsMemory(size_t raw_size, size_t count) {
  return std::min(count, raw_size / kLengthBytes) * sizeof(std::string_view);
}

absl::StatusOr<size_t> BytesElementsSize(std::string_view output, std::span<const std::string> elements) {
  size_t size = 0;
  for (const std::string& element : elements) {
    if (element.size() > std::numeric_limits<uint32_t>::max()) {
      return absl::OutOfRangeError(absl::StrCat("output '", std::string(output), "': an element of ", element.size(),
                                                " bytes does not fit the 4-byte length of BYTES"));
    }
    size += kLengthBytes + element.size();
  }
  return size;
}

void WriteBytesElements(std::span<const std::string> elements, std::span<std::byte> to) {
  std::byte* position = to.data();
  for (const std::string& element : elements) {
    const auto length = static_cast<uint32_t>(element.size());
    std::memcpy(position, &length, kLengthBytes);
    if (length > 0) std::memcpy(position + kLengthBytes, element.data(), length);
    position += kLengthBytes + length;
  }
}

}  // namespace lamina::server
