#ifndef LAMINA_SERVER_TRANSPORT_INCOMING_BYTES_H_
#define LAMINA_SERVER_TRANSPORT_INCOMING_BYTES_H_

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "server/api/bytes.h"
#include "server/transport/memory_budget.h"

namespace lamina::server {

/// A message as it was received, with its share of the budget, which it gives back when it is destroyed.
struct ReceivedBytes {
  Bytes bytes;
  MemoryLease lease;
};

/// Bytes that come in piece by piece and end up in one block, where they stay. Used by one thread.
///
/// Memory follows what has come: who only claims to send a gigabyte makes nobody allocate it.
class IncomingBytes {
 public:
  explicit IncomingBytes(std::shared_ptr<MemoryBudget> budget) : lease_(std::move(budget)) {}

  /// Says how many bytes are to come, besides those that have.
  void Expect(size_t count);

  void Append(std::span<const std::byte> bytes);

  size_t size() const { return size_; }
  size_t capacity() const { return bytes_.size(); }

  /// The bytes so far; this is empty then and starts again.
  ReceivedBytes Take();

 private:
  void Grow(size_t capacity);

  Bytes bytes_;
  size_t size_ = 0;
  size_t expected_ = 0;  // in the end
  MemoryLease lease_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_INCOMING_BYTES_H_
