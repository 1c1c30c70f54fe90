#ifndef LAMINA_SERVER_PROTOCOLS_REST_REST_HANDLER_H_
#define LAMINA_SERVER_PROTOCOLS_REST_REST_HANDLER_H_

#include <functional>
#include <string_view>
#include <vector>

#include "server/api/core.h"
#include "server/protocols/http/http.h"
#include "server/protocols/http/router.h"

namespace lamina::server {

/// Adds routes of its own to those of the protocols.
using AddRoutes = std::function<void(Router&)>;

/// Every route there is over REST: KServe v2, TensorFlow Serving, /openapi.json, and what `more` adds. What is added
/// here belongs into openapi.json, too: a test compares them. `core` must outlive the router.
Router MakeRestRouter(Core& core, const std::vector<AddRoutes>& more = {});

/// The same as the transport takes it. What has a lot of JSON to read is handled on threads of its own.
HttpHandler MakeRestHandler(Core& core, const std::vector<AddRoutes>& more = {});

/// The text of openapi.json.
std::string_view OpenApiDocument();

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REST_REST_HANDLER_H_
