#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_ROUTES_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_ROUTES_H_

#include "server/api/core.h"
#include "server/protocols/http/router.h"

namespace lamina::server {

/// TensorFlow Serving over REST: what is below /v1/models. `core` must outlive the router.
void AddTfServingRoutes(Core& core, Router& router);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_ROUTES_H_
