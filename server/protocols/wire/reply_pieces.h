#ifndef LAMINA_SERVER_PROTOCOLS_WIRE_REPLY_PIECES_H_
#define LAMINA_SERVER_PROTOCOLS_WIRE_REPLY_PIECES_H_

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "server/api/bytes.h"

namespace lamina::server {

/// A reply's message while it is written from its beginning to its end: what is small lies in one buffer, each large
/// tensor in memory of its own. What was given stays in place. Used by one thread at a time.
class ReplyPieces {
 public:
  /// The engine copies outputs up to this size anyway, wherever they lie; larger ones it writes itself into aligned
  /// memory.
  static constexpr size_t kMergedUpTo = 8192;
  /// What protobuf can read at most.
  static constexpr size_t kMaxSize = std::numeric_limits<int32_t>::max();

  /// To be called before an output of `head` bytes and a tensor is appended, behind which `end` bytes come at last:
  /// they lie in one buffer if the tensor is small. RESOURCE_EXHAUSTED when the message becomes too large.
  absl::Status Prepare(std::string_view output, size_t head, size_t tensor, size_t end);

  /// The next `size` bytes, to be written by the caller. Throws std::bad_alloc.
  std::span<std::byte> Append(size_t size) {
    MakeRoom(size);
    const std::span<std::byte> memory = buffer_.span().subspan(used_, size);
    used_ += size;
    size_ += size;
    return memory;
  }

  /// The same for a tensor's elements: when it is large, aligned for every vector. Throws std::bad_alloc.
  std::span<std::byte> AppendTensor(size_t size) {
    if (size <= kMergedUpTo) return Append(size);
    Bytes memory(size);
    Close();
    size_ += size;
    return pieces_.emplace_back(std::move(memory)).span();
  }

  /// The message, and an end of this.
  std::vector<Bytes> Take() {
    Close();
    return std::move(pieces_);
  }

 private:
  static constexpr size_t kBufferSize = 1024;

  void MakeRoom(size_t size) {
    if (buffer_.size() - used_ >= size) return;
    Close();
    buffer_ = Bytes(size < kBufferSize ? kBufferSize : size);
  }

  void Close() {
    if (used_ > 0) {
      buffer_.Truncate(used_);
      pieces_.push_back(std::move(buffer_));
    }
    buffer_ = Bytes();
    used_ = 0;
  }

  std::vector<Bytes> pieces_;
  Bytes buffer_;
  size_t used_ = 0;
  size_t size_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_WIRE_REPLY_PIECES_H_
