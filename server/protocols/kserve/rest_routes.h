#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_ROUTES_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_ROUTES_H_

#include "server/api/core.h"
#include "server/protocols/http/router.h"

namespace lamina::server {

/// KServe v2 over REST: /v2 and what is below it. `core` must outlive the router.
void AddKserveRoutes(Core& core, Router& router);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_ROUTES_H_
