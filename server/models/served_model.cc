#include "server/models/served_model.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/models/version_plan.h"

namespace lamina::server {
namespace {

using Clock = std::chrono::steady_clock;

/// The text is TensorFlow Serving's, which clients know.
std::string ServableNotFound(const std::string& model, int64_t version) {
  return absl::StrCat("Servable not found for request: Specific(", model, ", ", version, ")");
}

}  // namespace

ServedModel::ServedModel(ModelConfig config, Options options)
    : config_(std::move(config)), options_(std::move(options)), back_(std::make_shared<VersionReturn>([this] {
        MutexLock lock(mutex_);
        returned_ = true;
        changed_.NotifyAll();
      })) {
  keeper_ = std::jthread([this] { Keep(); });
}

ServedModel::~ServedModel() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  keeper_.join();
}

void ServedModel::Keep() {
  const bool polls = options_.poll_interval > Clock::duration::zero();
  for (Clock::time_point looked = Clock::now();; looked = Clock::now()) {
    Look();
    while (Act()) {
    }
    {
      MutexLock lock(mutex_);
      first_loads_done_ = true;
      changed_.NotifyAll();
    }
    if (!Rest(polls ? looked + options_.poll_interval : Clock::time_point::max())) break;
  }
  UnloadAll();
}

void ServedModel::Look() {
  absl::StatusOr<std::map<int64_t, FoundVersion>> found = FindVersions(config_.base_path);
  const absl::Status status = found.status();
  if (status.ok()) {
    found_ = *std::move(found);
  } else if (absl::IsNotFound(status)) {
    found_.clear();  // anything else may pass: what is loaded stays
  }
  MutexLock lock(mutex_);
  if (!status.ok() && status != base_error_) {
    spdlog::error("model '{}' has no version to serve: {}", config_.name, std::string(status.message()));
  }
  base_error_ = status;
  for (auto& [number, entry] : entries_) {
    const auto files = found_.find(number);
    const bool failed = entry.state == VersionState::kEnd && !entry.error.ok();
    if (failed && (files == found_.end() || files->second.fingerprint != entry.fingerprint))
      entry = Entry{};  // another try
  }
}

bool ServedModel::Act() {
  std::set<int64_t> on_disk;
  for (const auto& [number, files] : found_) on_disk.insert(number);
  const std::set<int64_t> wanted = ChooseVersions(config_.version_policy, on_disk);
  std::map<int64_t, VersionState> states;
  {
    MutexLock lock(mutex_);
    if (stopping_) return false;
    for (const auto& [number, entry] : entries_) {
      const bool can_come_back = entry.state == VersionState::kEnd && entry.error.ok();
      states[number] = can_come_back ? VersionState::kStart : entry.state;
    }
  }
  const std::optional<VersionAction> action = NextAction(wanted, on_disk, states);
  if (!action) return false;
  action->kind == VersionAction::Kind::kLoad ? Load(action->version) : Unload(action->version);
  return true;
}

void ServedModel::Load(int64_t number) {
  const FoundVersion& files = found_.at(number);
  {
    MutexLock lock(mutex_);
    entries_[number] = Entry{.state = VersionState::kLoading, .fingerprint = files.fingerprint};
  }
  spdlog::info("model '{}' version {}: loading {}", config_.name, number, files.path.string());
  options_.loads->acquire();
  const Clock::time_point started = Clock::now();
  absl::StatusOr<std::unique_ptr<CompiledModel>> model = options_.load(config_, number, files.path.string());
  options_.loads->release();
  MutexLock lock(mutex_);
  Entry& entry = entries_[number];
  if (!model.ok()) {
    entry.state = VersionState::kEnd;
    entry.error = model.status();
    spdlog::error("{}", std::string(model.status().message()));
    return;
  }
  auto version = std::make_unique<Version>();
  version->number = number;
  version->model = *std::move(model);
  entry.version = VersionReturn::Share(std::move(version), back_);
  entry.state = VersionState::kAvailable;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
  spdlog::info("model '{}' version {}: available after {} ms", config_.name, number, took.count());
}

void ServedModel::Unload(int64_t number) {
  std::shared_ptr<const Version> version;  // let go of after the lock: the last one to do so takes it again
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_.at(number);
    entry.state = VersionState::kUnloading;
    version = std::move(entry.version);
  }
  spdlog::info("model '{}' version {}: unloading when its last request is done", config_.name, number);
}

bool ServedModel::Rest(Clock::time_point until) {
  for (;;) {
    bool stopping = false;
    {
      MutexLock lock(mutex_);
      while (!stopping_ && !returned_ && Clock::now() < until) changed_.WaitUntil(mutex_, until);
      returned_ = false;
      stopping = stopping_;
    }
    DestroyReturned();
    if (stopping) return false;
    if (Clock::now() >= until) return true;
  }
}

void ServedModel::DestroyReturned() {
  for (auto& version : back_->Take()) {
    const int64_t number = version->number;
    version.reset();
    MutexLock lock(mutex_);
    const auto entry = entries_.find(number);
    // A version that came back has a new entry, which is not about the old one.
    if (entry != entries_.end() && entry->second.state == VersionState::kUnloading)
      entry->second.state = VersionState::kEnd;
    spdlog::info("model '{}' version {}: unloaded", config_.name, number);
  }
}

void ServedModel::UnloadAll() {
  const std::vector<int64_t> available = Available();
  for (const int64_t number : available) Unload(number);
  const auto is_unloading = [](const auto& entry) { return entry.second.state == VersionState::kUnloading; };
  for (;;) {
    DestroyReturned();
    MutexLock lock(mutex_);
    if (std::none_of(entries_.begin(), entries_.end(), is_unloading)) return;
    while (!returned_) changed_.Wait(mutex_);
    returned_ = false;
  }
}

void ServedModel::WaitForFirstLoads() {
  MutexLock lock(mutex_);
  while (!first_loads_done_) changed_.Wait(mutex_);
}

bool ServedModel::FirstLoadsDone() const {
  MutexLock lock(mutex_);
  return first_loads_done_;
}

absl::StatusOr<int64_t> ServedModel::Resolve(const VersionSelector& selector) const {
  if (!selector.label.empty()) {
    const auto labelled = config_.version_labels.find(std::string(selector.label));
    if (labelled != config_.version_labels.end()) return labelled->second;
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
  if (number == 0 ? !first_loads_done_ || std::any_of(entries_.begin(), entries_.end(), is_loading)
                  : entry != entries_.end() && is_loading(*entry)) {
    return absl::UnavailableError(
        absl::StrCat(ServableNotFound(config_.name, number), ". It is still loading: try again later."));
  }
  const absl::Status& why = entry != entries_.end() ? entry->second.error : base_error_;
  if (!why.ok()) return absl::NotFoundError(absl::StrCat(ServableNotFound(config_.name, number), ": ", why.message()));
  return absl::NotFoundError(ServableNotFound(config_.name, number));
}

absl::StatusOr<std::shared_ptr<const Version>> ServedModel::Find(const VersionSelector& selector) const {
  MutexLock lock(mutex_);
  absl::StatusOr<int64_t> number = Resolve(selector);
  if (!number.ok()) return std::move(number).status();
  const auto entry = entries_.find(*number);
  if (entry == entries_.end() || entry->second.state != VersionState::kAvailable) return NotServed(*number);
  return entry->second.version;
}

absl::StatusOr<std::vector<VersionStatus>> ServedModel::Status(const std::optional<VersionSelector>& selector) const {
  MutexLock lock(mutex_);
  std::vector<VersionStatus> statuses;
  if (!selector) {
    for (const auto& [number, entry] : entries_) statuses.push_back({number, entry.state, entry.error});
    return statuses;
  }
  absl::StatusOr<int64_t> number = Resolve(*selector);
  if (!number.ok()) return std::move(number).status();
  const auto entry = entries_.find(*number);
  if (entry == entries_.end()) return absl::NotFoundError(ServableNotFound(config_.name, *number));
  statuses.push_back({*number, entry->second.state, entry->second.error});
  return statuses;
}

std::vector<int64_t> ServedModel::Available() const {
  MutexLock lock(mutex_);
  std::vector<int64_t> numbers;
  for (const auto& [number, entry] : entries_) {
    if (entry.state == VersionState::kAvailable) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace lamina::server
