#ifndef LAMINA_SERVER_PROTOCOLS_REST_OPERATION_ROUTES_H_
#define LAMINA_SERVER_PROTOCOLS_REST_OPERATION_ROUTES_H_

#include <vector>

#include "server/api/core.h"
#include "server/protocols/rest/rest_handler.h"

namespace lamina::server {

/// Routes for those who run the server: the repository, statistics, config.json and /metrics. `core` must outlive the
/// router.
std::vector<AddRoutes> OperationRoutes(Core& core);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REST_OPERATION_ROUTES_H_
