#include "server/transport/compression.h"

#include <zlib.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <new>
#include <utility>

#include "absl/strings/match.h"

namespace lamina::server {
namespace {

constexpr int kZlibWindow = 15;
constexpr int kGzipWindow = 16 + kZlibWindow;
constexpr size_t kLeastGrowth = size_t{64} << 10;

/// zlib counts in 32 bits.
uInt AtMost32Bits(size_t size) { return static_cast<uInt>(std::min<size_t>(size, UINT_MAX)); }

Bytes Grown(const Bytes& bytes, size_t used, size_t capacity) {
  Bytes grown(capacity);
  if (used > 0) std::memcpy(grown.data(), bytes.data(), used);
  return grown;
}

class Deflater {
 public:
  explicit Deflater(Coding coding) {
    constexpr int kMemoryLevel = 8;  // zlib's default
    if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, ZlibWindow(coding), kMemoryLevel, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Deflater() { deflateEnd(&stream_); }

  Bytes Run(std::span<const Bytes> parts) {
    size_t size = 0;
    for (const Bytes& part : parts) size += part.size();
    to_ = Bytes(kLeastGrowth + size / 2);
    for (const Bytes& part : parts) {
      for (std::span<const std::byte> left = {part.data(), part.size()}; !left.empty();) {
        const uInt count = AtMost32Bits(left.size());
        Feed(left.first(count), Z_NO_FLUSH);
        left = left.subspan(count);
      }
    }
    Feed({}, Z_FINISH);
    to_.Truncate(written_);
    return std::move(to_);
  }

 private:
  void Feed(std::span<const std::byte> from, int flush) {
    stream_.next_in = ZlibBytes(from.data());
    stream_.avail_in = AtMost32Bits(from.size());
    int result = Z_OK;
    do {
      if (written_ == to_.size()) to_ = Grown(to_, written_, 2 * to_.size());
      stream_.next_out = ZlibBytes(to_.data() + written_);
      stream_.avail_out = AtMost32Bits(to_.size() - written_);
      const uInt out = stream_.avail_out;
      result = deflate(&stream_, flush);
      written_ += out - stream_.avail_out;
    } while (stream_.avail_in > 0 || (flush == Z_FINISH && result != Z_STREAM_END));
  }

  z_stream stream_{};
  Bytes to_;
  size_t written_ = 0;
};

}  // namespace

std::optional<Coding> ParseCoding(std::string_view name) {
  const auto is = [coding = absl::string_view(name.data(), name.size())](const char* known) {
    return absl::EqualsIgnoreCase(coding, known);
  };
  if (name.empty() || is("identity")) return Coding::kIdentity;
  if (is("gzip") || is("x-gzip")) return Coding::kGzip;
  if (is("deflate")) return Coding::kDeflate;
  return std::nullopt;
}

std::string_view CodingName(Coding coding) {
  switch (coding) {
    case Coding::kGzip:
      return "gzip";
    case Coding::kDeflate:
      return "deflate";
    case Coding::kIdentity:
      break;
  }
  return "identity";
}

int ZlibWindow(Coding coding) { return coding == Coding::kGzip ? kGzipWindow : kZlibWindow; }

Bytes Compress(Coding coding, std::span<const Bytes> parts) { return Deflater(coding).Run(parts); }

}  // namespace lamina::server
