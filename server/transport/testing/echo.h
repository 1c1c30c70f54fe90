#ifndef LAMINA_SERVER_TRANSPORT_TESTING_ECHO_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_ECHO_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "server/api/bytes.h"
#include "server/protocols/grpc/grpc.h"

namespace lamina::server {

/// A body or message that says what `bytes` do.
inline std::vector<Bytes> Copy(std::span<const std::byte> bytes) {
  std::vector<Bytes> parts;
  parts.emplace_back(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return parts;
}

/// Answers each message of a call with the same.
class EchoReader final : public GrpcReader {
 public:
  explicit EchoReader(std::shared_ptr<GrpcStream> stream) : stream_(std::move(stream)) {}
  void OnMessage(Bytes message, std::shared_ptr<void>) override { stream_->Write(Copy(message.span())); }
  void OnHalfClose() override { stream_->Finish(absl::OkStatus()); }

 private:
  const std::shared_ptr<GrpcStream> stream_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_ECHO_H_
