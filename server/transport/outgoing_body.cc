#include "server/transport/outgoing_body.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace lamina::server {
namespace {

// A reference costs about as much as copying this.
constexpr size_t kCopiedPart = size_t{4} << 10;

}  // namespace

size_t TotalSize(std::span<const Bytes> parts) {
  size_t size = 0;
  for (const Bytes& part : parts) size += part.size();
  return size;
}

void OutgoingBody::Append(Bytes part) {
  if (part.size() == 0) return;
  const size_t size = part.size();
  parts_.push_back({.bytes = std::move(part)});  // first: it may find no memory
  size_ += size;
}

void OutgoingBody::Copy(std::span<std::byte> to) {
  while (!to.empty()) {
    const Part& first = parts_.front();
    const std::byte* data = (first.shared ? first.shared->data() : first.bytes.data()) + first.taken;
    const size_t count = std::min(to.size(), first.left());
    std::memcpy(to.data(), data, count);
    to = to.subspan(count);
    Taken(count);
  }
}

void OutgoingBody::Move(size_t count, SocketOutput& output) {
  while (count > 0) {
    Part& first = parts_.front();
    const size_t part = std::min(count, first.left());
    if (!first.shared && first.bytes.size() <= kCopiedPart) {
      output.Append(first.bytes.text().substr(first.taken, part));
    } else {
      if (!first.shared) first.shared = std::make_shared<const Bytes>(std::move(first.bytes));
      output.AppendReference({first.shared->data() + first.taken, part}, first.shared);
    }
    count -= part;
    Taken(part);
  }
}

void OutgoingBody::Taken(size_t count) {
  size_ -= count;
  parts_.front().taken += count;
  if (parts_.front().left() == 0) parts_.pop_front();
}

}  // namespace lamina::server
