#include "server/protocols/kserve/rest_binary.h"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

constexpr size_t kLengthBytes = sizeof(uint32_t);

}  // namespace

absl::StatusOr<RestBody> SplitRestBody(std::string_view body, std::string_view json_size) {
  if (json_size.empty()) return RestBody{body, {}};
  size_t size = 0;
  const char* const end = json_size.data() + json_size.size();
  const auto [read, error] = std::from_chars(json_size.data(), end, size);
  if (error != std::errc() || read != end || size > body.size()) {
    return absl::InvalidArgumentError(absl::StrCat("the header Inference-Header-Content-Length is '",
                                                   std::string(json_size), "'; expected a number from 0 to ",
                                                   body.size(), ", the size of the body"));
  }
  return RestBody{body.substr(0, size), body.substr(size)};
}

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

absl::StatusOr<Bytes> JoinBytesElements(std::span<const std::string> elements) {
  size_t size = 0;
  for (const std::string& element : elements) {
    if (element.size() > std::numeric_limits<uint32_t>::max()) {
      return absl::OutOfRangeError(
          absl::StrCat("an element of ", element.size(), " bytes does not fit the 4-byte length of BYTES"));
    }
    size += kLengthBytes + element.size();
  }
  Bytes bytes(size);
  std::byte* to = bytes.data();
  for (const std::string& element : elements) {
    const auto length = static_cast<uint32_t>(element.size());
    std::memcpy(to, &length, kLengthBytes);
    if (length > 0) std::memcpy(to + kLengthBytes, element.data(), length);
    to += kLengthBytes + length;
  }
  return bytes;
}

}  // namespace lamina::server
