#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_STATISTICS_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_STATISTICS_H_

#include <span>

#include "proto/kserve/inference.pb.h"
#include "server/api/statistics.h"

namespace lamina::server {

/// Says in KServe's words what versions have done.
void WriteModelStatistics(std::span<const ModelStatistics> statistics, inference::ModelStatisticsResponse& response);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_STATISTICS_H_
