#ifndef LAMINA_SERVER_API_ORIGIN_H_
#define LAMINA_SERVER_API_ORIGIN_H_

#include <cstddef>
#include <cstdint>

namespace lamina::server {

/// What carried a call.
enum class Interface : uint8_t { kGrpc, kRest };
inline constexpr size_t kInterfaceCount = 2;

/// What was called; the protocol goes with it.
enum class Method : uint8_t {
  // KServe
  kModelInfer,
  kModelStreamInfer,
  kModelMetadata,
  kModelReady,
  // TensorFlow Serving
  kPredict,
  kGetModelMetadata,
  kGetModelStatus,
};
inline constexpr size_t kMethodCount = 7;

/// Where a call came from, for the metrics.
struct Origin {
  Interface interface = Interface::kGrpc;
  Method method = Method::kModelInfer;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_ORIGIN_H_
