#include "server/transport/socket_output.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <utility>

namespace lamina::server {
namespace {

constexpr size_t kPiecesPerWrite = 128;
constexpr size_t kKeptCapacity = size_t{256} << 10;

}  // namespace

void SocketOutput::Append(std::string_view bytes) {
  if (bytes.empty()) return;
  const size_t offset = copied_.size();
  copied_.insert(copied_.end(), bytes.begin(), bytes.end());
  if (!pieces_.empty() && pieces_.back().data == nullptr && pieces_.back().offset + pieces_.back().size == offset) {
    pieces_.back().size += bytes.size();
  } else {
    pieces_.push_back({.size = bytes.size(), .offset = offset});
  }
  pending_ += bytes.size();  // not before: there may be no memory for it
}

void SocketOutput::AppendReference(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  if (bytes.empty()) return;
  pieces_.push_back({.size = bytes.size(), .data = bytes.data(), .owner = std::move(owner)});
  pending_ += bytes.size();
}

size_t SocketOutput::Take(std::span<std::byte> to) {
  size_t taken = 0;
  for (const Piece& piece : pieces_) {
    const void* data = piece.data != nullptr ? static_cast<const void*>(piece.data) : copied_.data() + piece.offset;
    const size_t part = std::min(piece.size, to.size() - taken);
    memcpy(to.data() + taken, data, part);
    taken += part;
    if (taken == to.size()) break;
  }
  Drop(taken);
  return taken;
}

SocketOutput::Result SocketOutput::WriteTo(int socket) {
  while (!pieces_.empty()) {
    iovec vectors[kPiecesPerWrite];
    size_t count = 0, asked = 0;
    for (const Piece& piece : pieces_) {
      if (count == kPiecesPerWrite) break;
      const void* data = piece.data != nullptr ? static_cast<const void*>(piece.data) : copied_.data() + piece.offset;
      vectors[count++] = {const_cast<void*>(data), piece.size};
      asked += piece.size;
    }
    msghdr message{};
    message.msg_iov = vectors;
    message.msg_iovlen = count;
    const ssize_t written = sendmsg(socket, &message, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno == EAGAIN ? Result::kSocketFull : Result::kSocketBroken;
    Drop(static_cast<size_t>(written));
    if (static_cast<size_t>(written) < asked) return Result::kSocketFull;
  }
  return Result::kAllWritten;
}

void SocketOutput::Drop(size_t written) {
  pending_ -= written;
  written_ += written;
  while (written > 0) {
    Piece& first = pieces_.front();
    const size_t part = std::min(written, first.size);
    written -= part;
    first.size -= part;
    if (first.data != nullptr) {
      first.data += part;
    } else {
      first.offset += part;
      copied_sent_ = first.offset;
    }
    if (first.size == 0) pieces_.pop_front();
  }
  ForgetCopies();
}

// Not only when all is written: a client that always has something coming may stay so for days.
void SocketOutput::ForgetCopies() {
  if (pieces_.empty()) {
    copied_.clear();
    copied_sent_ = 0;
    if (copied_.capacity() > kKeptCapacity) copied_.shrink_to_fit();
    return;
  }
  if (copied_sent_ < kKeptCapacity || copied_sent_ < copied_.size() / 2) return;
  copied_.erase(copied_.begin(), copied_.begin() + static_cast<ptrdiff_t>(copied_sent_));
  for (Piece& piece : pieces_) {
    if (piece.data == nullptr) piece.offset -= copied_sent_;
  }
  copied_sent_ = 0;
}

}  // namespace lamina::server
