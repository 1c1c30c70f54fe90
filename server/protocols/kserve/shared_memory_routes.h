#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_MEMORY_ROUTES_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_MEMORY_ROUTES_H_

#include "server/api/core.h"
#include "server/protocols/http/router.h"

namespace lamina::server {

/// The routes of KServe's extension of system shared memory. The regions are the core's, the same as over gRPC. `core`
/// must outlive the router.
void AddKserveSharedMemoryRoutes(Core& core, Router& router);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_MEMORY_ROUTES_H_
