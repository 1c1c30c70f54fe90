#ifndef LAMINA_SERVER_MODELS_SERVED_MODEL_H_
#define LAMINA_SERVER_MODELS_SERVED_MODEL_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "server/api/infer_request.h"
#include "server/api/metadata.h"
#include "server/config/model_config.h"
#include "server/models/version.h"
#include "server/models/version_scan.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// Makes a version ready to run. Called from many threads.
using LoadVersion = std::function<absl::StatusOr<std::unique_ptr<CompiledModel>>(const ModelConfig&, int64_t version,
                                                                                 const std::string& path)>;

/// One configured model: watches its base path, loads and unloads versions one at a time on a thread of its own, and
/// gives out those that answer. Thread-safe.
class ServedModel {
 public:
  struct Options {
    std::chrono::steady_clock::duration poll_interval = std::chrono::seconds(1);  // 0 or less: looks once
    LoadVersion load;
    /// What counts a version's requests; not null.
    std::function<std::shared_ptr<VersionStatistics>(const std::string& model, int64_t version)> statistics;
    /// Loads that run at the same time, over all models; outlives this.
    std::counting_semaphore<>* loads = nullptr;
    /// Called once, on the model's own thread, when a stopped model has ended. Has to be short.
    std::function<void()> on_ended = [] {};
  };

  ServedModel(ModelConfig config, Options options);
  /// Waits for the requests that still run, and unloads all versions.
  ~ServedModel();
  ServedModel(const ServedModel&) = delete;
  ServedModel& operator=(const ServedModel&) = delete;

  const std::string& name() const { return config_.name; }

  /// Returns when everything found at the start, and since the last Settle or LookAgain before the call, was loaded or
  /// has failed; or when the model has ended.
  void WaitForLoads();
  bool FirstLoadsDone() const;

  /// Takes another version policy and other labels from a configuration that is the same in all else.
  void Settle(const ModelConfig& config);

  /// Looks at the base path at once, and tries again what has failed.
  void LookAgain();

  /// Gives out no version any more, and unloads each when its last request is done.
  void BeginStop();
  /// A stopped model has unloaded everything: to destroy it takes no time.
  bool Ended() const;

  /// The version that answers for a selector.
  absl::StatusOr<std::shared_ptr<const Version>> Find(const VersionSelector& selector) const;

  /// Every version that was ever wanted, ascending; or the one that is named.
  absl::StatusOr<std::vector<VersionStatus>> Status(const std::optional<VersionSelector>& selector) const;

  /// The same for every version, with those that answer.
  struct VersionView {
    VersionStatus status;
    std::shared_ptr<const Version> version;  // null: it does not answer
  };
  std::vector<VersionView> Versions() const;

  /// The numbers of the versions that answer, ascending.
  std::vector<int64_t> Available() const;

  /// Why no version answers, in one sentence a version; OK when one does.
  absl::Status WhyNotAvailable() const;

 private:
  struct Entry {
    VersionState state = VersionState::kStart;
    absl::Status error;                      // why it could not be loaded
    std::string fingerprint;                 // of the files it was loaded from
    std::shared_ptr<const Version> version;  // while kAvailable
  };

  // The keeper's thread alone runs these.
  void Keep();
  bool KeepOnce();
  void Look();
  std::set<int64_t> OnDisk() const;
  void SayNoneChosen(const absl::Status& why, const std::set<int64_t>& on_disk) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Act();
  void Load(int64_t number);
  void RefineOne();
  void Unload(int64_t number);
  void UnloadAll();
  bool Rest(std::chrono::steady_clock::time_point until);
  void DestroyReturned();

  VersionStatus StatusOf(int64_t number, const Entry& entry) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<int64_t> Resolve(const VersionSelector& selector) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status NotServed(int64_t number) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  /// Why versions do not answer that might.
  std::vector<std::string> Reasons() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Constant after construction.
  const ModelConfig config_;  // but for what stands below
  const Options options_;
  const std::shared_ptr<VersionReturn> back_;

  mutable Mutex mutex_;
  Condition changed_;
  std::map<int64_t, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  absl::Status base_error_ ABSL_GUARDED_BY(mutex_);  // why nothing at the base path is to be served
  VersionPolicy version_policy_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int64_t> version_labels_ ABSL_GUARDED_BY(mutex_);
  bool labels_checked_ ABSL_GUARDED_BY(mutex_) = false;  // once versions were found
  /// Looks at the base path, with all the loads that come of it, that were asked for, and that are done.
  int64_t looks_wanted_ ABSL_GUARDED_BY(mutex_) = 1;
  int64_t looks_done_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool returned_ ABSL_GUARDED_BY(mutex_) = false;

  // The keeper's own.
  std::map<int64_t, FoundVersion> found_;
  std::vector<int64_t> to_refine_;                   // versions that were loaded and not refined yet,
  std::chrono::steady_clock::time_point refine_at_;  // not before

  std::jthread keeper_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_SERVED_MODEL_H_
