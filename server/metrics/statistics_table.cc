#include "server/metrics/statistics_table.h"

namespace lamina::server {

std::shared_ptr<VersionStatistics> StatisticsTable::Of(const std::string& model, int64_t version) {
  MutexLock lock(mutex_);
  std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
  std::weak_ptr<VersionStatistics>& known = known_[{model, version}];
  std::shared_ptr<VersionStatistics> statistics = known.lock();
  if (!statistics) {
    statistics = std::make_shared<VersionStatistics>();
    known = statistics;
  }
  return statistics;
}

}  // namespace lamina::server
