#ifndef LAMINA_SERVER_TRANSPORT_GRPC_CALLS_H_
#define LAMINA_SERVER_TRANSPORT_GRPC_CALLS_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "server/protocols/grpc/grpc.h"
#include "server/transport/grpc_call_head.h"
#include "server/transport/incoming_bytes.h"

namespace lamina::server {

/// A unary call on an HTTP/2 stream. Used by one thread at a time, and answered from any.
class Http2GrpcCall final : public GrpcCall {
 public:
  Http2GrpcCall(GrpcCallHead head, ReceivedBytes message) : head_(std::move(head)), message_(std::move(message)) {}
  ~Http2GrpcCall() override;

  std::chrono::steady_clock::time_point deadline() const override { return head_.deadline; }
  std::stop_token cancelled() const override { return head_.stream->stop_token(); }
  std::string_view Metadata(std::string_view name) const override { return head_.stream->headers().Get(name); }
  std::span<const std::byte> message() const override { return {message_.bytes.data(), message_.bytes.size()}; }
  void Respond(absl::StatusOr<std::vector<Bytes>> message) override;

 private:
  const GrpcCallHead head_;
  ReceivedBytes message_;
  bool answered_ = false;
};

/// A streaming call's way back, on an HTTP/2 stream. Thread-safe.
class Http2GrpcStream final : public GrpcStream {
 public:
  explicit Http2GrpcStream(GrpcCallHead head) : head_(std::move(head)) {}
  ~Http2GrpcStream() override;

  std::chrono::steady_clock::time_point deadline() const override { return head_.deadline; }
  std::stop_token cancelled() const override { return head_.stream->stop_token(); }
  std::string_view Metadata(std::string_view name) const override { return head_.stream->headers().Get(name); }
  void Write(std::vector<Bytes> message) override;
  void Finish(const absl::Status& status) override;

 private:
  template <typename Call>
  void OrLeaveUnanswered(Call call);

  const GrpcCallHead head_;
  std::atomic<bool> finished_ = false;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_GRPC_CALLS_H_
