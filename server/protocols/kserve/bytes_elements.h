#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_BYTES_ELEMENTS_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_BYTES_ELEMENTS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lamina::server {

/// Splits the elements of a BYTES tensor, each behind its length in 4 bytes, little-endian: what raw contents, binary
/// data and shared memory hold. They are views of `raw`.
absl::Status SplitBytesElements(std::string_view raw, size_t count, std::vector<std::string_view>& elements);

/// The memory that splitting takes, of a tensor of `raw_size` bytes that should hold `count` elements.
size_t BytesElementsMemory(size_t raw_size, size_t count);

/// How many bytes these take in that form; an error, which names the output, when one is too long for it.
absl::StatusOr<size_t> BytesElementsSize(std::string_view output, std::span<const std::string> elements);

/// Writes them so. REQUIRES: `to` has BytesElementsSize() bytes.
void WriteBytesElements(std::span<const std::string> elements, std::span<std::byte> to);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_BYTES_ELEMENTS_H_
