#ifndef LAMINA_SERVER_TRANSPORT_GRPC_MESSAGE_READER_H_
#define LAMINA_SERVER_TRANSPORT_GRPC_MESSAGE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "absl/status/statusor.h"
#include "server/transport/compression.h"
#include "server/transport/incoming_bytes.h"

namespace lamina::server {

/// A message as it came.
struct GrpcMessage {
  ReceivedBytes received;
  bool compressed = false;
};

/// Cuts a stream of bytes into gRPC's messages: a flag, a length of four bytes, and the message. Used by one thread.
class GrpcMessageReader {
 public:
  static constexpr size_t kPrefixBytes = 5;

  /// `coding` is that of messages whose flag says that they are compressed; none may be larger than `limit`, as it
  /// comes.
  GrpcMessageReader(Coding coding, size_t limit, std::shared_ptr<MemoryBudget> memory)
      : coding_(coding), limit_(limit), body_(std::move(memory)) {}

  /// Takes bytes off the front of `data` up to the end of a message, which it returns, or all of them. No use after an
  /// error.
  absl::StatusOr<std::optional<GrpcMessage>> Next(std::span<const std::byte>& data);

  /// Whether no message has been begun.
  bool AtBoundary() const { return prefix_size_ == 0; }

 private:
  absl::Status ReadPrefix(std::span<const std::byte>& data);

  const Coding coding_;
  const size_t limit_;
  std::byte prefix_[kPrefixBytes];
  size_t prefix_size_ = 0;
  size_t length_ = 0;  // when the prefix is whole
  IncomingBytes body_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_GRPC_MESSAGE_READER_H_
