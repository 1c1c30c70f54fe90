#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/bytes.h"

namespace lamina::server {

/// What a call of either kind knows. Thread-safe.
class GrpcContext {
 public:
  virtual ~GrpcContext() = default;

  /// time_point::max() when the client set none.
  virtual std::chrono::steady_clock::time_point deadline() const = 0;

  /// Stops when the client has gone or taken the call back, and when its deadline has passed.
  virtual std::stop_token cancelled() const = 0;

  /// The value of the first metadata of this name (in lower case); empty if there is none.
  virtual std::string_view Metadata(std::string_view name) const = 0;
};

/// A call of one message and the right to answer it. Destroyed unanswered it is answered with INTERNAL;
/// while something is thrown, as for want of memory, with RESOURCE_EXHAUSTED.
class GrpcCall : public GrpcContext {
 public:
  /// The request's message, decompressed.
  virtual std::span<const std::byte> message() const = 0;

  /// Answers, from any thread: with a message, whose parts are sent one behind the other without a copy, or with an
  /// error. To be called once; message() is invalid from then on.
  virtual void Respond(absl::StatusOr<std::vector<Bytes>> message) = 0;
};

/// Takes a call on a thread of the transport, and answers it there at once or later from another thread.
using GrpcUnaryHandler = std::function<void(std::unique_ptr<GrpcCall>)>;

/// The way back to the client of a call that streams. Every function may be called from any thread, and does nothing
/// once the call has ended; what one thread writes arrives in that order.
class GrpcStream : public GrpcContext {
 public:
  virtual void Write(std::vector<Bytes> message) = 0;

  /// Ends the call, after what was written.
  virtual void Finish(const absl::Status& status) = 0;
};

/// Takes the messages of a call that streams, on a thread of the transport. Destroyed when the call has ended.
class GrpcReader {
 public:
  virtual ~GrpcReader() = default;

  /// As long as `hold` lives, the message counts as memory in use, and a client with too much of it has to wait.
  virtual void OnMessage(Bytes message, std::shared_ptr<void> hold) = 0;

  /// The client sends no more.
  virtual void OnHalfClose() = 0;
};

/// Begins a call that streams, in one direction or in both.
using GrpcStreamHandler = std::function<std::unique_ptr<GrpcReader>(std::shared_ptr<GrpcStream>)>;

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_H_
