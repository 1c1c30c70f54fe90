#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_INFER_CALL_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_INFER_CALL_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/core.h"
#include "server/protocols/grpc/grpc.h"
#include "server/protocols/grpc/grpc_messages.h"

namespace lamina::server {

/// One inference on its way through a call: translates, runs and answers. Used by one thread at a time.
///
/// `Translation` is made from the request and response messages, and has: `absl::Status Read()`, which checks the
/// message and fills `InferRequest& request()`; the OutputSink `outputs()`; and `Finish(const InferResult&)`.
template <typename Translation, typename Request, typename Response>
class InferCall {
 public:
  /// What serves a method: `core` outlives its calls.
  static GrpcUnaryHandler Handler(Core& core) {
    return [&core](std::unique_ptr<GrpcCall> call) {
      auto infer = std::make_unique<InferCall>(std::move(call));
      InferCall& running = *infer;
      running.Run(core, std::move(infer));
    };
  }

  explicit InferCall(std::unique_ptr<GrpcCall> call) : call_(std::move(call)) {}

 private:
  void Run(Core& core, std::unique_ptr<InferCall> self) {
    absl::Status status = ParseMessage(call_->message(), request_);
    if (status.ok()) status = translation_.Read();
    if (!status.ok()) return call_->Respond(std::move(status));
    InferRequest& request = translation_.request();
    request.deadline = call_->deadline();
    request.cancelled = call_->cancelled();
    core.InferAsync(request, translation_.outputs(),
                    [self = std::move(self)](absl::StatusOr<InferResult> result) { self->Answer(result); });
  }

  void Answer(const absl::StatusOr<InferResult>& result) {
    if (!result.ok()) return call_->Respond(result.status());
    translation_.Finish(*result);
    call_->Respond(WriteMessage(response_));
  }

  const std::unique_ptr<GrpcCall> call_;
  Request request_;
  Response response_;
  Translation translation_{request_, response_};
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_INFER_CALL_H_
