#ifndef LAMINA_SERVER_TRANSPORT_COMPRESSION_H_
#define LAMINA_SERVER_TRANSPORT_COMPRESSION_H_

#include <zlib.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "server/api/bytes.h"

namespace lamina::server {

enum class Coding { kIdentity, kGzip, kDeflate };

/// "gzip", "deflate", "identity" or "" (which is kIdentity); nothing for every other name.
std::optional<Coding> ParseCoding(std::string_view name);

std::string_view CodingName(Coding coding);

/// zlib takes what it reads as mutable memory, but does not write to it.
inline Bytef* ZlibBytes(const std::byte* data) { return reinterpret_cast<Bytef*>(const_cast<std::byte*>(data)); }

/// What zlib calls windowBits. REQUIRES: coding != kIdentity.
int ZlibWindow(Coding coding);

/// The parts, one behind the other, as gzip or deflate: quick rather than small. REQUIRES: coding != kIdentity.
Bytes Compress(Coding coding, std::span<const Bytes> parts);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_COMPRESSION_H_
