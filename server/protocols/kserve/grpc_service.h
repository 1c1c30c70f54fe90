#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_GRPC_SERVICE_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_GRPC_SERVICE_H_

#include "server/api/core.h"
#include "server/protocols/grpc/grpc_methods.h"

namespace lamina::server {

/// Adds the methods of KServe's `inference.GRPCInferenceService`. `core` must outlive their calls.
void AddKserveMethods(Core& core, GrpcMethods& methods);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_GRPC_SERVICE_H_
