// What a ServedModel says of its versions to those who ask.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/models/servable_not_found.h"
#include "server/models/served_model.h"

namespace lamina::server {

absl::StatusOr<int64_t> ServedModel::Resolve(const VersionSelector& selector) const {
  if (!selector.label.empty()) {
    const auto labelled = version_labels_.find(std::string(selector.label));
    if (labelled != version_labels_.end()) return labelled->second;
    return absl::NotFoundError(absl::StrCat("model '", config_.name, "' has no version labelled '",
                                            std::string(selector.label),
                                            "'; add it to version_labels in the configuration"));
  }
  if (selector.version != 0) return selector.version;
  for (auto it = entries_.rbegin(); it != entries_.rend(); ++it) {
    if (it->second.state == VersionState::kAvailable) return it->first;
  }
  return 0;
}

absl::Status ServedModel::NotServed(int64_t number) const {
  const auto is_loading = [](const auto& entry) { return entry.second.state <= VersionState::kLoading; };
  const auto entry = entries_.find(number);
  if (number == 0 ? looks_done_ == 0 || std::any_of(entries_.begin(), entries_.end(), is_loading)
                  : entry != entries_.end() && is_loading(*entry)) {
    return absl::UnavailableError(
        absl::StrCat(ServableNotFound(config_.name, number), ". It is still loading: try again later."));
  }
  std::string why;
  if (number == 0) {
    why = absl::StrJoin(Reasons(), "; ");
  } else {
    why = std::string((entry != entries_.end() ? entry->second.error : base_error_).message());
  }
  return absl::NotFoundError(absl::StrCat(ServableNotFound(config_.name, number), why.empty() ? "" : ": ", why));
}

std::vector<std::string> ServedModel::Reasons() const {
  std::vector<std::string> reasons;
  if (!base_error_.ok()) reasons.emplace_back(base_error_.message());
  for (const auto& [number, entry] : entries_) {
    if (!entry.error.ok()) reasons.emplace_back(entry.error.message());
  }
  return reasons;
}

absl::StatusOr<std::shared_ptr<const Version>> ServedModel::Find(const VersionSelector& selector) const {
  MutexLock lock(mutex_);
  absl::StatusOr<int64_t> number = Resolve(selector);
  if (!number.ok()) return std::move(number).status();
  const auto entry = entries_.find(*number);
  if (entry == entries_.end() || entry->second.state != VersionState::kAvailable) return NotServed(*number);
  return entry->second.version;
}

VersionStatus ServedModel::StatusOf(int64_t number, const Entry& entry) const {
  // The keeper comes to it later, but nobody gets it any more.
  const bool given_up = stopping_ && entry.state == VersionState::kAvailable;
  return {number, given_up ? VersionState::kUnloading : entry.state, entry.error};
}

absl::StatusOr<std::vector<VersionStatus>> ServedModel::Status(const std::optional<VersionSelector>& selector) const {
  MutexLock lock(mutex_);
  std::vector<VersionStatus> statuses;
  if (!selector) {
    for (const auto& [number, entry] : entries_) statuses.push_back(StatusOf(number, entry));
    return statuses;
  }
  absl::StatusOr<int64_t> number = Resolve(*selector);
  if (!number.ok()) return std::move(number).status();
  const auto entry = entries_.find(*number);
  if (entry == entries_.end()) return absl::NotFoundError(ServableNotFound(config_.name, *number));
  statuses.push_back(StatusOf(*number, entry->second));
  return statuses;
}

std::vector<ServedModel::VersionView> ServedModel::Versions() const {
  MutexLock lock(mutex_);
  std::vector<VersionView> versions;
  for (const auto& [number, entry] : entries_) versions.push_back({StatusOf(number, entry), entry.version});
  return versions;
}

std::vector<int64_t> ServedModel::Available() const {
  MutexLock lock(mutex_);
  std::vector<int64_t> numbers;
  for (const auto& [number, entry] : entries_) {
    if (entry.state == VersionState::kAvailable) numbers.push_back(number);
  }
  return numbers;
}

absl::Status ServedModel::WhyNotAvailable() const {
  MutexLock lock(mutex_);
  for (const auto& [number, entry] : entries_) {
    if (entry.state == VersionState::kAvailable) return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("model '", config_.name, "' has no version that answers: ", absl::StrJoin(Reasons(), "; ")));
}

}  // namespace lamina::server
