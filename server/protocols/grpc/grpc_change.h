#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_CHANGE_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_CHANGE_H_

#include <memory>
#include <utility>

#include "server/api/repository.h"
#include "server/protocols/grpc/grpc_messages.h"

namespace lamina::server {

/// A handler that answers when a change to the core's models is done, from the thread that made it: `begin` starts the
/// change, `void(const Request&, Response&, ChangeDone)`; the response stays until the change is done.
template <typename Request, typename Response, typename Begin>
GrpcUnaryHandler AnswerWhenMade(Begin begin) {
  return [begin = std::move(begin)](std::unique_ptr<GrpcCall> call) {
    Request request;
    if (absl::Status status = ParseMessage(call->message(), request); !status.ok()) {
      return call->Respond(std::move(status));
    }
    auto response = std::make_unique<Response>();
    Response& filled = *response;
    begin(std::as_const(request), filled,
          [call = std::move(call), response = std::move(response)](absl::Status status) mutable {
            if (!status.ok()) return call->Respond(std::move(status));
            call->Respond(WriteMessage(*response));
          });
  };
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_CHANGE_H_
