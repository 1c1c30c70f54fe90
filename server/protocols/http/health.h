#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_HEALTH_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_HEALTH_H_

#include "server/api/core.h"
#include "server/protocols/http/http.h"

namespace lamina::server {

/// Answers GET /v2/health/live and /v2/health/ready, and 404 to all else. `core` outlives its requests.
HttpHandler MakeHealthHandler(const Core& core);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_HEALTH_H_
