#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_TESTING_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_TESTING_H_

#include <google/protobuf/message_lite.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/protocols/grpc/grpc.h"
#include "server/protocols/grpc/grpc_methods.h"

namespace lamina::server {

inline std::string Joined(const std::vector<Bytes>& parts) {
  std::string text;
  for (const Bytes& part : parts) text += part.text();
  return text;
}

/// What a handler has answered to a call of a test.
struct FakeAnswer {
  std::vector<std::string> messages;
  std::optional<absl::Status> status;
};

/// A unary call without a transport. Used by one thread.
class FakeCall final : public GrpcCall {
 public:
  FakeCall(const google::protobuf::MessageLite& message, FakeAnswer& answer)
      : message_(message.SerializeAsString()), answer_(answer) {}

  std::chrono::steady_clock::time_point deadline() const override { return {}; }
  std::stop_token cancelled() const override { return {}; }
  std::string_view Metadata(std::string_view) const override { return {}; }
  std::span<const std::byte> message() const override { return std::as_bytes(std::span(message_)); }
  void Respond(absl::StatusOr<std::vector<Bytes>> message) override {
    answer_.status = message.status();
    if (message.ok()) answer_.messages.push_back(Joined(*message));
  }

 private:
  const std::string message_;
  FakeAnswer& answer_;
};

/// The way back of a streaming call without a transport. Used by one thread.
class FakeStream final : public GrpcStream {
 public:
  explicit FakeStream(FakeAnswer& answer) : answer_(answer) {}

  std::chrono::steady_clock::time_point deadline() const override { return {}; }
  std::stop_token cancelled() const override { return {}; }
  std::string_view Metadata(std::string_view) const override { return {}; }
  void Write(std::vector<Bytes> message) override { answer_.messages.push_back(Joined(message)); }
  void Finish(const absl::Status& status) override { answer_.status = status; }

 private:
  FakeAnswer& answer_;
};

inline FakeAnswer Ask(const GrpcMethods& methods, const char* path, const google::protobuf::MessageLite& message) {
  FakeAnswer answer;
  std::get<GrpcUnaryHandler> (*methods.Find(path))(std::make_unique<FakeCall>(message, answer));
  return answer;
}

inline std::unique_ptr<GrpcReader> Begin(const GrpcMethods& methods, const char* path, FakeAnswer& answer) {
  return std::get<GrpcStreamHandler>(*methods.Find(path))(std::make_shared<FakeStream>(answer));
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_TESTING_H_
