#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_GRPC_SERVICE_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_GRPC_SERVICE_H_

#include <grpcpp/impl/codegen/service_type.h>

#include <memory>

#include "server/api/core.h"

namespace lamina::server {

inline constexpr char kPredictionGrpcServiceName[] = "tensorflow.serving.PredictionService";
inline constexpr char kModelGrpcServiceName[] = "tensorflow.serving.ModelService";

/// TensorFlow Serving's `tensorflow.serving.PredictionService`, to be registered with a gRPC server. `core` must
/// outlive it.
std::unique_ptr<grpc::Service> MakePredictionGrpcService(Core& core);

/// The same for `tensorflow.serving.ModelService`.
std::unique_ptr<grpc::Service> MakeModelGrpcService(Core& core);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_GRPC_SERVICE_H_
