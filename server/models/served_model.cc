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

// Whoever waits to load has its turn first.
constexpr auto kRefineAfter = std::chrono::milliseconds(100);

bool IsBatched(const Signature& signature) {
  return std::all_of(signature.inputs.begin(), signature.inputs.end(),
                     [](const TensorInfo& input) { return !input.shape.empty() && input.shape[0] == -1; });
}

absl::Status NoneChosen(const std::string& base_path, const std::set<int64_t>& on_disk) {
  return absl::NotFoundError(absl::StrCat("model_version_policy chooses none of the versions in ", base_path, ", ",
                                          absl::StrJoin(on_disk, ", "), "; name one of them, or leave it out"));
}

}  // namespace

ServedModel::ServedModel(ModelConfig config, Options options)
    : config_(std::move(config)),
      options_(std::move(options)),
      back_(std::make_shared<VersionReturn>([this] {
        MutexLock lock(mutex_);
        returned_ = true;
        changed_.NotifyAll();
      })),
      version_policy_(config_.version_policy),
      version_labels_(config_.version_labels) {
  keeper_ = std::jthread([this] { Keep(); });
}

ServedModel::~ServedModel() {
  BeginStop();
  keeper_.join();
}

void ServedModel::BeginStop() {
  MutexLock lock(mutex_);
  stopping_ = true;
  changed_.NotifyAll();
}

void ServedModel::Keep() {
  while (KeepOnce()) {
  }
  UnloadAll();
  {
    MutexLock lock(mutex_);
    ended_ = true;
    changed_.NotifyAll();
  }
  options_.on_ended();
}

bool ServedModel::KeepOnce() {
  const Clock::time_point looked = Clock::now();
  int64_t wanted = 0;
  {
    MutexLock lock(mutex_);
    wanted = looks_wanted_;
  }
  Look();
  while (Act()) {
  }
  {
    MutexLock lock(mutex_);
    looks_done_ = wanted;
    changed_.NotifyAll();
  }
  const bool polls = options_.poll_interval > Clock::duration::zero();
  return Rest(polls ? looked + options_.poll_interval : Clock::time_point::max());
}

void ServedModel::Look() {
  absl::StatusOr<std::map<int64_t, FoundVersion>> found = FindVersions(config_.base_path);
  absl::Status status = found.status();
  if (status.ok()) {
    found_ = *std::move(found);
  } else if (absl::IsNotFound(status)) {
    found_.clear();  // anything else may pass: what is loaded stays
  }
  MutexLock lock(mutex_);
  const std::set<int64_t> on_disk = OnDisk();
  const std::set<int64_t> chosen = ChooseVersions(version_policy_, on_disk);
  if (status.ok() && chosen.empty()) status = NoneChosen(config_.base_path, on_disk);
  if (!status.ok() && status != base_error_) SayNoneChosen(status, on_disk);
  base_error_ = status;
  if (status.ok() && !std::exchange(labels_checked_, true)) {
    for (const std::string& warning : LabelWarnings(version_labels_, chosen, on_disk))
      spdlog::warn("model '{}': {}", config_.name, warning);
  }
  for (auto it = entries_.begin(); it != entries_.end();) {
    Entry& entry = it->second;
    const auto files = found_.find(it->first);
    const bool failed = entry.state == VersionState::kEnd && !entry.error.ok();
    if (files == found_.end() && (failed || entry.state == VersionState::kStart)) {
      it = entries_.erase(it);  // it never was, and cannot be
      continue;
    }
    if (failed && files->second.fingerprint != entry.fingerprint) entry = Entry{};  // another try
    ++it;
  }
}

/// Those that answer stay until one that is wanted does, unless they are gone from the disk.
void ServedModel::SayNoneChosen(const absl::Status& why, const std::set<int64_t>& on_disk) const {
  std::vector<int64_t> stay;
  for (const auto& [number, entry] : entries_) {
    if (entry.state == VersionState::kAvailable && on_disk.count(number)) stay.push_back(number);
  }
  const std::string what =
      stay.empty() ? "has no version to serve" : absl::StrCat("goes on with version ", absl::StrJoin(stay, ", "));
  spdlog::error("model '{}' {}: {}", config_.name, what, std::string(why.message()));
}

std::set<int64_t> ServedModel::OnDisk() const {
  std::set<int64_t> numbers;
  for (const auto& [number, files] : found_) numbers.insert(number);
  return numbers;
}

bool ServedModel::Act() {
  const std::set<int64_t> on_disk = OnDisk();
  std::set<int64_t> wanted;
  std::map<int64_t, VersionState> states;
  {
    MutexLock lock(mutex_);
    if (stopping_) return false;
    wanted = ChooseVersions(version_policy_, on_disk);
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
  version->statistics = options_.statistics(config_.name, number);
  version->failures = std::make_unique<FailureLog>(absl::StrCat("model '", config_.name, "' version ", number));
  version->batched = IsBatched(*version->model->signature());
  entry.version = VersionReturn::Share(std::move(version), back_);
  entry.state = VersionState::kAvailable;
  to_refine_.push_back(number);
  refine_at_ = Clock::now() + kRefineAfter;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
  spdlog::info("model '{}' version {}: available after {} ms", config_.name, number, took.count());
}

/// Nobody waits for it: it takes a place among the loads only if one is free, or else another try follows.
void ServedModel::RefineOne() {
  refine_at_ = Clock::now() + kRefineAfter;
  if (!options_.loads->try_acquire()) return;
  const int64_t number = to_refine_.back();
  to_refine_.pop_back();
  if (const auto version = Find({.version = number}); version.ok()) (*version)->model->Refine();
  options_.loads->release();
}

void ServedModel::Unload(int64_t number) {
  std::shared_ptr<const Version> version;  // let go of after the lock: the last one to do so takes it again
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_.at(number);
    entry.state = VersionState::kUnloading;
    version = std::move(entry.version);
  }
  std::erase(to_refine_, number);  // it may come back, and each is refined once
  spdlog::info("model '{}' version {}: unloading when its last request is done", config_.name, number);
}

bool ServedModel::Rest(Clock::time_point until) {
  for (;;) {
    bool stopping = false, look = false, returned = false;
    const Clock::time_point wake = to_refine_.empty() ? until : std::min(until, refine_at_);
    {
      MutexLock lock(mutex_);
      while (!stopping_ && !returned_ && looks_wanted_ == looks_done_ && Clock::now() < wake)
        changed_.WaitUntil(mutex_, wake);
      returned = std::exchange(returned_, false);
      stopping = stopping_;
      look = looks_wanted_ != looks_done_;
    }
    DestroyReturned();
    if (stopping) return false;
    if (look) return true;
    while (returned && Act()) {  // a version that is wanted again had to wait for the end of the one before
    }
    if (!to_refine_.empty() && Clock::now() >= refine_at_) RefineOne();
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

void ServedModel::WaitForLoads() {
  MutexLock lock(mutex_);
  const int64_t wanted = looks_wanted_;
  while (looks_done_ < wanted && !ended_) changed_.Wait(mutex_);
}

bool ServedModel::FirstLoadsDone() const {
  MutexLock lock(mutex_);
  return looks_done_ > 0;
}

void ServedModel::Settle(const ModelConfig& config) {
  MutexLock lock(mutex_);
  version_policy_ = config.version_policy;
  version_labels_ = config.version_labels;
  labels_checked_ = false;
  ++looks_wanted_;
  changed_.NotifyAll();
}

void ServedModel::LookAgain() {
  MutexLock lock(mutex_);
  for (auto& [number, entry] : entries_) {
    if (entry.state == VersionState::kEnd && !entry.error.ok()) entry = Entry{};
  }
  ++looks_wanted_;
  changed_.NotifyAll();
}

bool ServedModel::Ended() const {
  MutexLock lock(mutex_);
  return ended_;
}

}  // namespace lamina::server
