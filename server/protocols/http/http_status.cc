#include "server/protocols/http/http_status.h"

#include <string_view>
#include <utility>

namespace lamina::server {

int HttpStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kFailedPrecondition:
      return 412;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;  // nginx's code: the client has closed the request
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:  // kUnknown, kInternal, kDataLoss
      return 500;
  }
}

HttpResponse ErrorResponse(int status, std::string_view message) {
  JsonWriter json;
  json.BeginObject().Key("error").String(message).EndObject();
  HttpResponse response = JsonResponse(json);
  response.status = status;
  return response;
}

HttpResponse ErrorResponse(const absl::Status& status) {
  const absl::string_view message = status.message();
  return ErrorResponse(HttpStatus(status.code()), {message.data(), message.size()});
}

HttpResponse JsonResponse(JsonWriter& json) {
  HttpResponse response;
  response.content_type = "application/json";
  response.body.push_back(json.Take());
  return response;
}

HttpResponse ResponseOrError(absl::StatusOr<HttpResponse> response) {
  if (response.ok()) return *std::move(response);
  return ErrorResponse(response.status());
}

}  // namespace lamina::server
