#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_INFER_REACTOR_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_INFER_REACTOR_H_

#include <grpcpp/grpcpp.h>

#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/core.h"
#include "server/protocols/grpc/grpc_status.h"

namespace lamina::server {

/// One inference on its way through gRPC: translates, runs, answers and deletes itself when gRPC is done with the call.
/// A client that goes away stops it.
///
/// `Translation` is made from the request and response messages, which gRPC keeps until the end, and has: `absl::Status
/// Read()`, which checks the message and fills `InferRequest& request()`; the OutputSink `outputs()`; and `Finish(const
/// InferResult&)`.
template <typename Translation>
class InferReactor final : public grpc::ServerUnaryReactor {
 public:
  template <typename Request, typename Response>
  InferReactor(const Request& request, Response& response) : translation_(request, response) {}

  void Run(Core& core, const grpc::CallbackServerContext& context) {
    if (const absl::Status status = translation_.Read(); !status.ok()) {
      Finish(ToGrpcStatus(status));
      return;
    }
    InferRequest& request = translation_.request();
    request.deadline = ToSteadyDeadline(context.deadline());
    request.cancelled = stop_.get_token();
    core.InferAsync(request, translation_.outputs(), [this](absl::StatusOr<InferResult> result) {
      if (result.ok()) translation_.Finish(*result);
      Finish(ToGrpcStatus(result.status()));
    });
  }

  void OnCancel() override { stop_.request_stop(); }
  void OnDone() override { delete this; }

 private:
  Translation translation_;
  std::stop_source stop_;
};

/// Answers a call when `make`, a change to the core's models, is done: make(ChangeDone).
template <typename Make>
grpc::ServerUnaryReactor* AnswerWhenMade(grpc::CallbackServerContext& context, Make&& make) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  make([reactor](const absl::Status& status) { reactor->Finish(ToGrpcStatus(status)); });
  return reactor;
}

/// Answers a call that needs no waiting.
inline grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext& context, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_INFER_REACTOR_H_
