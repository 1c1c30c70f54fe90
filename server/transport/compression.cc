#include "server/transport/compression.h"

#include <zlib.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

constexpr int kZlibWindow = 15;
constexpr int kGzipWindow = 16 + kZlibWindow;
constexpr size_t kLeastGrowth = size_t{64} << 10;

int Window(Coding coding) { return coding == Coding::kGzip ? kGzipWindow : kZlibWindow; }

/// zlib counts in 32 bits.
uInt AtMost32Bits(size_t size) { return static_cast<uInt>(std::min<size_t>(size, UINT_MAX)); }

Bytef* ZlibBytes(const std::byte* data) { return reinterpret_cast<Bytef*>(const_cast<std::byte*>(data)); }

Bytes Grown(const Bytes& bytes, size_t used, size_t capacity) {
  Bytes grown(capacity);
  if (used > 0) std::memcpy(grown.data(), bytes.data(), used);
  return grown;
}

class Inflater {
 public:
  explicit Inflater(Coding coding) {
    if (inflateInit2(&stream_, Window(coding)) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }

  absl::StatusOr<Bytes> Run(std::span<const std::byte> from, size_t limit) {
    Bytes to(std::min(limit, std::max(kLeastGrowth, 2 * from.size())));
    size_t written = 0;
    int result = Z_OK;
    do {
      if (written == to.size()) {
        if (written >= limit) {
          // A full buffer may be all there is: only a byte more says otherwise.
          if (Ends(from)) break;
          return absl::ResourceExhaustedError(absl::StrCat("decompressed, it is larger than the ", limit,
                                                           " bytes that a message may have; send less at a time"));
        }
        to = Grown(to, written, std::min(limit, 2 * to.size()));
      }
      result = Step(from, std::span(to.data() + written, to.size() - written), written);
    } while (result == Z_OK);
    if (result != Z_STREAM_END && !ended_) {
      return absl::InvalidArgumentError("the compressed bytes are damaged or cut off; send them whole");
    }
    to.Truncate(written);
    return to;
  }

 private:
  int Step(std::span<const std::byte>& from, std::span<std::byte> to, size_t& written) {
    stream_.next_in = ZlibBytes(from.data());
    stream_.avail_in = AtMost32Bits(from.size());
    stream_.next_out = ZlibBytes(to.data());
    stream_.avail_out = AtMost32Bits(to.size());
    const uInt in = stream_.avail_in, out = stream_.avail_out;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    from = from.subspan(in - stream_.avail_in);
    written += out - stream_.avail_out;
    return result;
  }

  bool Ends(std::span<const std::byte>& from) {
    std::byte one;
    size_t written = 0;
    ended_ = Step(from, std::span(&one, 1), written) == Z_STREAM_END && written == 0;
    return ended_;
  }

  z_stream stream_{};
  bool ended_ = false;
};

class Deflater {
 public:
  explicit Deflater(Coding coding) {
    constexpr int kMemoryLevel = 8;  // zlib's default
    if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, Window(coding), kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
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
  if (name.empty() || name == "identity") return Coding::kIdentity;
  if (name == "gzip" || name == "x-gzip") return Coding::kGzip;
  if (name == "deflate") return Coding::kDeflate;
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

absl::StatusOr<Bytes> Decompress(Coding coding, std::span<const std::byte> bytes, size_t limit) {
  return Inflater(coding).Run(bytes, limit);
}

Bytes Compress(Coding coding, std::span<const Bytes> parts) { return Deflater(coding).Run(parts); }

}  // namespace lamina::server
