#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_REFLECTION_SERVICE_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_REFLECTION_SERVICE_H_

#include "server/protocols/grpc/grpc_methods.h"

namespace lamina::server {

/// Adds gRPC's server reflection, v1 and v1alpha: clients learn by it which services there are, and their messages. To
/// be called last, as it tells of the services that have been added.
void AddReflectionMethods(GrpcMethods& methods);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_REFLECTION_SERVICE_H_
