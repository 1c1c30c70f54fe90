#include "server/transport/incoming_bytes.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace lamina::server {
namespace {

// What is allocated on a mere promise.
constexpr size_t kTrusted = size_t{1} << 20;
constexpr size_t kLeast = 256;
// Less than this is not worth counting: the number of requests bounds it.
constexpr size_t kCounted = size_t{16} << 10;

}  // namespace

void IncomingBytes::Expect(size_t count) {
  expected_ = size_ + count;
  Grow(std::min(expected_, std::max(size_, kTrusted)));
}

void IncomingBytes::Append(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  const size_t needed = size_ + bytes.size();
  if (needed > bytes_.size()) {
    const size_t doubled = std::max({needed, 2 * bytes_.size(), kLeast});
    Grow(expected_ >= needed ? std::min(doubled, expected_) : doubled);
  }
  std::memcpy(bytes_.data() + size_, bytes.data(), bytes.size());
  size_ = needed;
}

void IncomingBytes::Grow(size_t capacity) {
  if (capacity <= bytes_.size()) return;
  Bytes grown(capacity);
  if (size_ > 0) std::memcpy(grown.data(), bytes_.data(), size_);
  bytes_ = std::move(grown);
  if (capacity >= kCounted) lease_.Resize(capacity);
}

ReceivedBytes IncomingBytes::Take() {
  bytes_.Truncate(size_);
  ReceivedBytes taken{std::move(bytes_), lease_.Split()};
  bytes_ = Bytes();
  size_ = expected_ = 0;
  return taken;
}

}  // namespace lamina::server
