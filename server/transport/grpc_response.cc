#include "server/transport/grpc_response.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "server/protocols/grpc/grpc_wire.h"
#include "server/transport/grpc_message_reader.h"

namespace lamina::server {
namespace {

constexpr size_t kWorthCompressingBytes = 1024;
constexpr HttpHeader kStatus{":status", "200"};
constexpr HttpHeader kContentType{"content-type", "application/grpc"};

Bytes Prefix(bool compressed, size_t size) {
  Bytes prefix(GrpcMessageReader::kPrefixBytes);
  prefix.data()[0] = std::byte{compressed};
  for (size_t i = 0; i < 4; ++i) prefix.data()[1 + i] = static_cast<std::byte>(size >> (24 - 8 * i));
  return prefix;
}

}  // namespace

std::vector<Bytes> FrameGrpcMessage(Coding coding, std::vector<Bytes> message) {
  size_t size = TotalSize(message);
  const bool compress = coding != Coding::kIdentity && size >= kWorthCompressingBytes;
  if (compress) {
    Bytes compressed = Compress(coding, message);
    size = compressed.size();
    message.clear();
    message.push_back(std::move(compressed));
  }
  message.insert(message.begin(), Prefix(compress, size));
  return message;
}

void WriteGrpcMessage(Http2Stream& stream, Coding coding, std::vector<Bytes> framed) {
  if (stream.CanRespond()) {
    const HttpHeader headers[] = {kStatus, kContentType, {"grpc-encoding", CodingName(coding)}};
    stream.SendHeaders(std::span(headers).first(coding == Coding::kIdentity ? 2 : 3));
  }
  if (stream.CanWrite()) stream.Write(std::move(framed));
}

void FinishGrpc(Http2Stream& stream, const absl::Status& status) {
  const std::string code = std::to_string(static_cast<int>(status.code()));
  const std::string_view text(status.message().data(), status.message().size());
  const std::string message = EncodeGrpcMessage(text);
  if (stream.CanRespond()) {
    const HttpHeader headers[] = {kStatus, kContentType, {"grpc-status", code}, {"grpc-message", message}};
    stream.SendHeadersOnly(std::span(headers).first(message.empty() ? 3 : 4));
  } else if (stream.CanWrite()) {
    std::vector<Trailer> trailers;
    trailers.push_back({"grpc-status", code});
    if (!message.empty()) trailers.push_back({"grpc-message", message});
    stream.End(std::move(trailers));
  }
}

}  // namespace lamina::server
