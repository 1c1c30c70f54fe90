#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_HTTP_STATUS_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_HTTP_STATUS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/protocols/http/http.h"
#include "server/protocols/http/json_writer.h"

namespace lamina::server {

/// The status code of HTTP that comes nearest to a canonical one.
int HttpStatus(absl::StatusCode code);

/// A reply of `{"error": "..."}`.
HttpResponse ErrorResponse(const absl::Status& status);
HttpResponse ErrorResponse(int status, std::string_view message);

/// A reply of the JSON that was written.
HttpResponse JsonResponse(JsonWriter& json);

/// The reply, or what went wrong instead.
HttpResponse ResponseOrError(absl::StatusOr<HttpResponse> response);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_HTTP_STATUS_H_
