#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_GRPC_SERVICE_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_GRPC_SERVICE_H_

#include <grpcpp/impl/codegen/service_type.h>

#include <memory>

#include "server/api/core.h"

namespace lamina::server {

inline constexpr char kKserveGrpcServiceName[] = "inference.GRPCInferenceService";

/// KServe's `inference.GRPCInferenceService`, to be registered with a gRPC server. `core` must outlive it.
std::unique_ptr<grpc::Service> MakeKserveGrpcService(Core& core);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_GRPC_SERVICE_H_
