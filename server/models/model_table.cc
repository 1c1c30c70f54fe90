#include "server/models/model_table.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace lamina::server {
namespace {

// A client that loads and unloads models under ever new names must not fill the memory.
constexpr size_t kMostRemembered = 1000;

void AddToIndex(const std::string& name, const ServedModel& served, bool removed, std::vector<IndexEntry>& index) {
  const auto statuses = served.Status(std::nullopt);
  for (const VersionStatus& status : *statuses) {
    IndexEntry entry{name, status.version, status.state, std::string(status.error.message())};
    if (status.state == VersionState::kEnd && entry.reason.empty()) entry.reason = "unloaded";
    index.push_back(std::move(entry));
  }
  if (!statuses->empty()) return;
  if (removed) {
    index.push_back({name, 0, VersionState::kEnd, "unloaded"});
  } else if (served.FirstLoadsDone()) {
    index.push_back({name, 0, VersionState::kEnd, std::string(served.WhyNotAvailable().message())});
  } else {
    index.push_back({name, 0, VersionState::kLoading, ""});
  }
}

}  // namespace

absl::StatusOr<std::vector<VersionStatus>> ModelTable::Status(std::string_view name,
                                                              const std::optional<VersionSelector>& version) const {
  MutexLock lock(mutex_);
  if (const auto row = rows_.find(name); row != rows_.end()) return row->second.served->Status(version);
  if (const auto gone = removed_.find(name); gone != removed_.end()) return gone->second->Status(version);
  return absl::NotFoundError(ServableNotFound(name, version.value_or(VersionSelector{}).version));
}

std::vector<IndexEntry> ModelTable::Index() const {
  std::vector<IndexEntry> index;
  {
    MutexLock lock(mutex_);
    for (const auto& [name, row] : rows_) AddToIndex(name, *row.served, /*removed=*/false, index);
    for (const auto& [name, served] : removed_) AddToIndex(name, *served, /*removed=*/true, index);
  }
  std::stable_sort(index.begin(), index.end(),
                   [](const IndexEntry& a, const IndexEntry& b) { return a.model < b.model; });
  return index;
}

std::vector<std::string> ModelTable::Names() const {
  MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, row] : rows_) names.push_back(name);
  return names;
}

std::vector<ModelTable::NamedVersion> ModelTable::Versions() const {
  MutexLock lock(mutex_);
  std::vector<NamedVersion> versions;
  for (const auto& [name, row] : rows_) {
    for (ServedModel::VersionView& view : row.served->Versions()) versions.push_back({name, std::move(view)});
  }
  return versions;
}

bool ModelTable::Contains(const std::string& name) const {
  MutexLock lock(mutex_);
  return rows_.count(name) > 0;
}

bool ModelTable::Removed(const std::string& name) const {
  MutexLock lock(mutex_);
  return removed_.count(name) > 0;
}

std::map<std::string, ModelConfig> ModelTable::Configs() const {
  MutexLock lock(mutex_);
  std::map<std::string, ModelConfig> configs;
  for (const auto& [name, row] : rows_) configs.emplace(name, row.config);
  return configs;
}

std::vector<std::shared_ptr<ServedModel>> ModelTable::Served() const {
  MutexLock lock(mutex_);
  std::vector<std::shared_ptr<ServedModel>> served;
  for (const auto& [name, row] : rows_) served.push_back(row.served);
  return served;
}

std::shared_ptr<ServedModel> ModelTable::Find(const std::string& name) const {
  MutexLock lock(mutex_);
  const auto row = rows_.find(name);
  return row == rows_.end() ? nullptr : row->second.served;
}

void ModelTable::Put(const ModelConfig& config, std::shared_ptr<ServedModel> served) {
  MutexLock lock(mutex_);
  if (const auto gone = removed_.find(config.name); gone != removed_.end()) {
    replaced_.push_back(std::move(gone->second));
    removed_.erase(gone);
  }
  Row& row = rows_[config.name];
  std::swap(row.served, served);
  row.config = config;
  if (!served) return;
  served->BeginStop();
  replaced_.push_back(std::move(served));
}

void ModelTable::Settle(const ModelConfig& config) {
  MutexLock lock(mutex_);
  Row& row = rows_.at(config.name);
  row.config = config;
  row.served->Settle(config);
}

void ModelTable::Remove(const std::string& name) {
  MutexLock lock(mutex_);
  const auto row = rows_.find(name);
  if (row == rows_.end()) return;
  row->second.served->BeginStop();
  removed_[name] = std::move(row->second.served);
  rows_.erase(row);
}

void ModelTable::DestroyEnded() {
  std::vector<std::shared_ptr<ServedModel>> ended;  // destroyed after the lock
  MutexLock lock(mutex_);
  const auto first_ended =
      std::stable_partition(replaced_.begin(), replaced_.end(), [](const auto& served) { return !served->Ended(); });
  ended.assign(std::make_move_iterator(first_ended), std::make_move_iterator(replaced_.end()));
  replaced_.erase(first_ended, replaced_.end());
  for (auto it = removed_.begin(); removed_.size() > kMostRemembered && it != removed_.end();) {
    if (!it->second->Ended()) {
      ++it;
      continue;
    }
    ended.push_back(std::move(it->second));
    it = removed_.erase(it);
  }
}

}  // namespace lamina::server
