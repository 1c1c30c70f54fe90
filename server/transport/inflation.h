#ifndef LAMINA_SERVER_TRANSPORT_INFLATION_H_
#define LAMINA_SERVER_TRANSPORT_INFLATION_H_

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "server/transport/compression.h"
#include "server/transport/incoming_bytes.h"
#include "server/transport/memory_budget.h"

namespace lamina::server {

/// A message in gzip or deflate on its way to be a plain one. It goes a slice at a time, so that nobody else has to
/// wait for a large one, and what it holds counts in the budget as it grows. Used by one thread at a time.
class Inflation {
 public:
  /// Of what is read and of what is made, at a time: a millisecond or so.
  static constexpr size_t kSliceBytes = size_t{256} << 10;

  /// No more than `limit` bytes may come out. REQUIRES: coding != kIdentity. Throws std::bad_alloc.
  Inflation(Coding coding, ReceivedBytes from, size_t limit, std::shared_ptr<MemoryBudget> budget);
  ~Inflation();
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;

  /// Goes on by a slice: the plain message, if that was the last one. RESOURCE_EXHAUSTED when it is larger than the
  /// limit, or there is no memory for it; INVALID_ARGUMENT when the bytes are damaged. No use after either.
  absl::StatusOr<std::optional<ReceivedBytes>> Continue();

  /// Whether the last Continue() did nothing, as the budget is spent.
  bool waits() const { return waits_; }

 private:
  absl::StatusOr<std::optional<ReceivedBytes>> Slice();
  /// The room is as large as it may be, and full.
  absl::StatusOr<std::optional<ReceivedBytes>> SliceAtLimit();
  void Grow();
  size_t Step(std::span<std::byte> to);
  absl::StatusOr<std::optional<ReceivedBytes>> Outcome();
  absl::StatusOr<std::optional<ReceivedBytes>> BeginNextMember();

  const Coding coding_;
  const ReceivedBytes from_;
  const size_t limit_;
  MemoryOverdraft overdraft_;
  MemoryLease lease_;                // of to_, and zlib's
  std::span<const std::byte> left_;  // of from_
  Bytes to_;
  size_t written_ = 0;  // of to_
  bool waits_ = false;
  int result_ = Z_OK;  // zlib's
  z_stream stream_{};
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_INFLATION_H_
