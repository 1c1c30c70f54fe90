#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_INFER_CALL_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_INFER_CALL_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/core.h"
#include "server/protocols/grpc/grpc.h"

namespace lamina::server {

/// One inference on its way through a call: read, run and answered. Used by one thread at a time.
///
/// `Translation` has: `absl::Status Read(message)`, which checks the message and fills `InferRequest& request()`; the
/// OutputSink `outputs()`; and `Finish(const InferResult&)`, which gives the response's message in pieces, or an error.
template <typename Translation>
class InferCall {
 public:
  /// What serves a method. `arguments` are what each Translation is made with; they and `core` outlive its calls.
  template <typename... Arguments>
  static GrpcUnaryHandler Handler(Core& core, const Arguments&... arguments) {
    return [&core, &arguments...](std::unique_ptr<GrpcCall> call) {
      auto infer = std::make_unique<InferCall>(std::move(call), arguments...);
      InferCall& running = *infer;
      running.Run(core, std::move(infer));
    };
  }

  template <typename... Arguments>
  explicit InferCall(std::unique_ptr<GrpcCall> call, const Arguments&... arguments)
      : call_(std::move(call)), translation_(arguments...) {}

 private:
  void Run(Core& core, std::unique_ptr<InferCall> self) {
    if (absl::Status status = translation_.Read(call_->message()); !status.ok())
      return call_->Respond(std::move(status));
    InferRequest& request = translation_.request();
    request.deadline = call_->deadline();
    request.cancelled = call_->cancelled();
    core.InferAsync(request, translation_.outputs(), [self = std::move(self)](absl::StatusOr<InferResult> result) {
      if (!result.ok()) return self->call_->Respond(std::move(result).status());
      self->call_->Respond(self->translation_.Finish(*result));
    });
  }

  const std::unique_ptr<GrpcCall> call_;
  Translation translation_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_INFER_CALL_H_
