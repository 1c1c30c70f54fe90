#ifndef LAMINA_SERVER_TRANSPORT_CHECK_ACCESS_H_
#define LAMINA_SERVER_TRANSPORT_CHECK_ACCESS_H_

#include <optional>

#include "absl/status/status.h"
#include "server/protocols/http/http.h"
#include "server/transport/header_list.h"
#include "server/transport/incoming_request.h"
#include "server/transport/services.h"

namespace lamina::server {

// Asked when a request's headers are there, before anything of its body is kept.

/// Whether a gRPC call may be served. An error is what it is answered with.
absl::Status CheckAccess(const Guards& guards, const HeaderList& headers);

/// Whether a request over HTTP may be served: nothing, or what it is answered with.
std::optional<HttpResponse> CheckAccess(const Guards& guards, IncomingRequest& request);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_CHECK_ACCESS_H_
