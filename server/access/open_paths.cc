#include "server/access/open_paths.h"

#include <algorithm>

namespace lamina::server {

bool IsOpenPath(std::string_view path) {
  static constexpr std::string_view kOpen[] = {
      "/grpc.health.v1.Health/Check",
      "/grpc.health.v1.Health/Watch",
      "/inference.GRPCInferenceService/ServerLive",
      "/inference.GRPCInferenceService/ServerReady",
      "/v2/health/live",
      "/v2/health/ready",
  };
  return std::find(std::begin(kOpen), std::end(kOpen), path) != std::end(kOpen);
}

}  // namespace lamina::server
