#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REPOSITORY_ROUTES_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REPOSITORY_ROUTES_H_

#include "server/api/core.h"
#include "server/protocols/http/router.h"

namespace lamina::server {

/// The routes of KServe's extensions of the repository and of statistics. `core` must outlive the router.
void AddKserveRepositoryRoutes(Core& core, Router& router);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REPOSITORY_ROUTES_H_
