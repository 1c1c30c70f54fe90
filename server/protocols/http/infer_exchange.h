#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_INFER_EXCHANGE_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_INFER_EXCHANGE_H_

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/core.h"
#include "server/protocols/http/http.h"
#include "server/protocols/http/http_status.h"

namespace lamina::server {

/// Takes one inference through HTTP: reads, runs, answers.
///
/// `Translation` is made for the exchange's request, and has: `absl::Status Read()`, which checks the body and fills
/// `InferRequest& request()`; the OutputSink `outputs()`; and `absl::StatusOr<HttpResponse> Finish(const
/// InferResult&)`. It lives until the reply is made.
template <typename Translation>
void RunInfer(Core& core, std::unique_ptr<HttpExchange> exchange, std::unique_ptr<Translation> translation) {
  if (const absl::Status status = translation->Read(); !status.ok()) return exchange->Respond(ErrorResponse(status));
  InferRequest& request = translation->request();
  request.deadline = std::min(request.deadline, exchange->request().deadline);
  request.cancelled = exchange->request().cancelled;
  OutputSink& outputs = translation->outputs();
  core.InferAsync(request, outputs,
                  [exchange = std::move(exchange),
                   translation = std::move(translation)](const absl::StatusOr<InferResult>& result) mutable {
                    if (!result.ok()) return exchange->Respond(ErrorResponse(result.status()));
                    exchange->Respond(ResponseOrError(translation->Finish(*result)));
                  });
}

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_INFER_EXCHANGE_H_
