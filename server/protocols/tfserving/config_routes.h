#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_CONFIG_ROUTES_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_CONFIG_ROUTES_H_

#include "server/api/core.h"
#include "server/protocols/http/router.h"

namespace lamina::server {

/// OpenVINO Model Server's routes about config.json: which models there are in which state, and reading it again.
/// `core` must outlive the router.
void AddConfigRoutes(Core& core, Router& router);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_CONFIG_ROUTES_H_
