#ifndef LAMINA_SERVER_METRICS_STATISTICS_TABLE_H_
#define LAMINA_SERVER_METRICS_STATISTICS_TABLE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "server/metrics/version_statistics.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// Gives every version of a model its statistics. A version that is loaded while one of the same name and number is
/// still there, as when a model is replaced by one of other settings, goes on with that one's. Thread-safe.
class StatisticsTable {
 public:
  std::shared_ptr<VersionStatistics> Of(const std::string& model, int64_t version);

 private:
  Mutex mutex_;
  std::map<std::pair<std::string, int64_t>, std::weak_ptr<VersionStatistics>> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_METRICS_STATISTICS_TABLE_H_
