#ifndef LAMINA_SERVER_METRICS_METRICS_TEXT_H_
#define LAMINA_SERVER_METRICS_METRICS_TEXT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "server/api/metadata.h"
#include "server/api/statistics.h"
#include "server/metrics/version_statistics.h"

namespace lamina::server {

/// What is told of one version of a model.
struct VersionReading {
  std::string model;
  int64_t version = 0;
  VersionState state = VersionState::kEnd;
  /// Of a version that answers requests.
  std::optional<StatisticsTotals> totals;
  Occupancy occupancy;
};

/// Every metric of the table, of these versions and of this process, in Prometheus's text format. Calls that never came
/// have no line.
std::string MetricsText(std::span<const VersionReading> versions);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_METRICS_METRICS_TEXT_H_
