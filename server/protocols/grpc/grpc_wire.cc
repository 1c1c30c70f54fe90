#include "server/protocols/grpc/grpc_wire.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace lamina::server {
namespace {

// HTTP/2 peers limit what headers may hold, often to 8 KB.
constexpr size_t kMostMessageBytes = 4000;
constexpr size_t kMostTimeoutDigits = 8;

std::optional<std::chrono::nanoseconds> Unit(char unit) {
  switch (unit) {
    case 'H':
      return std::chrono::hours(1);
    case 'M':
      return std::chrono::minutes(1);
    case 'S':
      return std::chrono::seconds(1);
    case 'm':
      return std::chrono::milliseconds(1);
    case 'u':
      return std::chrono::microseconds(1);
    case 'n':
      return std::chrono::nanoseconds(1);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::chrono::nanoseconds> ParseGrpcTimeout(std::string_view text) {
  if (text.size() < 2 || text.size() > kMostTimeoutDigits + 1) return std::nullopt;
  const auto unit = Unit(text.back());
  uint64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [read, error] = std::from_chars(text.data(), end, count);
  if (!unit || error != std::errc() || read != end) return std::nullopt;
  // 8 digits of hours would not fit in 64 bits of nanoseconds.
  constexpr std::chrono::nanoseconds kYear = std::chrono::hours(24 * 365);
  if (count > static_cast<uint64_t>(kYear / *unit)) return kYear;
  return *unit * static_cast<int64_t>(count);
}

std::string EncodeGrpcMessage(std::string_view message) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(message.size());
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    if (encoded.size() > kMostMessageBytes) return encoded + "...";
    if (byte >= 0x20 && byte < 0x7F && c != '%') {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

}  // namespace lamina::server
