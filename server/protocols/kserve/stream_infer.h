#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_STREAM_INFER_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_STREAM_INFER_H_

#include "server/api/core.h"
#include "server/protocols/grpc/grpc.h"

namespace lamina::server {

/// Serves ModelStreamInfer: the inferences of a stream run one after the other, and are answered in the order in which
/// they came. One that fails is answered with its error, and the stream goes on. `core` outlives its calls.
GrpcStreamHandler KserveStreamHandler(Core& core);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_STREAM_INFER_H_
