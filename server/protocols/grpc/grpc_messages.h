#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_MESSAGES_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_MESSAGES_H_

#include <google/protobuf/message_lite.h>

#include <climits>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/protocols/grpc/grpc.h"

namespace lamina::server {

/// Reads a message, or says that its bytes are none.
inline absl::Status ParseMessage(std::span<const std::byte> bytes, google::protobuf::MessageLite& message) {
  if (bytes.size() <= INT_MAX && message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("the ", bytes.size(), " bytes of the request are no ",
                                                 message.GetTypeName(),
                                                 "; send that message, as the .proto of the service defines it"));
}

/// A message as what a call is answered with.
inline absl::StatusOr<std::vector<Bytes>> WriteMessage(const google::protobuf::MessageLite& message) {
  const size_t size = message.ByteSizeLong();
  if (size > INT_MAX) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the answer of ", size, " bytes is larger than a message can be; ask for fewer outputs or rows"));
  }
  Bytes bytes(size);
  message.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(bytes.data()));
  std::vector<Bytes> parts;
  parts.push_back(std::move(bytes));
  return parts;
}

/// A handler that answers at once: `answer` takes the request and fills the response, `absl::Status(const Request&,
/// Response&)`.
template <typename Request, typename Response, typename Answer>
GrpcUnaryHandler AnswerWith(Answer answer) {
  return [answer = std::move(answer)](std::unique_ptr<GrpcCall> call) {
    Request request;
    Response response;
    absl::Status status = ParseMessage(call->message(), request);
    if (status.ok()) status = answer(std::as_const(request), response);
    if (status.ok()) {
      call->Respond(WriteMessage(response));
    } else {
      call->Respond(std::move(status));
    }
  };
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_MESSAGES_H_
