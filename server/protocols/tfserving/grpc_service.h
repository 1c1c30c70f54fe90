#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_GRPC_SERVICE_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_GRPC_SERVICE_H_

#include "server/api/core.h"
#include "server/protocols/grpc/grpc_methods.h"

namespace lamina::server {

/// Adds the methods of TensorFlow Serving's `tensorflow.serving.PredictionService` and
/// `tensorflow.serving.ModelService`. `core` must outlive their calls.
void AddTfServingMethods(Core& core, GrpcMethods& methods);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_GRPC_SERVICE_H_
