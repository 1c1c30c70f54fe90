#ifndef LAMINA_SERVER_TRANSPORT_OUTGOING_BODY_H_
#define LAMINA_SERVER_TRANSPORT_OUTGOING_BODY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>

#include "server/api/bytes.h"
#include "server/transport/socket_output.h"

namespace lamina::server {

/// Of all parts together.
size_t TotalSize(std::span<const Bytes> parts);

/// The bytes of a response that are not yet on their way, as the parts that they came in. They leave it in order, by a
/// copy or, when there are many, by reference. Used by one thread.
class OutgoingBody {
 public:
  void Append(Bytes part);

  size_t size() const { return size_; }

  /// Moves the first bytes into `to`. REQUIRES: to.size() <= size().
  void Copy(std::span<std::byte> to);

  /// Moves the first `count` bytes to `output`: of small parts a copy, of large ones a reference that keeps them.
  /// REQUIRES: count <= size().
  void Move(size_t count, SocketOutput& output);

 private:
  struct Part {
    Bytes bytes;
    std::shared_ptr<const Bytes> shared;  // instead of `bytes`, once somebody refers to them
    size_t taken = 0;

    size_t left() const { return (shared ? shared->size() : bytes.size()) - taken; }
  };

  void Taken(size_t count);

  std::deque<Part> parts_;
  size_t size_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_OUTGOING_BODY_H_
