#ifndef LAMINA_SERVER_MODELS_MODEL_CORE_H_
#define LAMINA_SERVER_MODELS_MODEL_CORE_H_

#include <atomic>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/core.h"
#include "server/metrics/statistics_table.h"
#include "server/models/repository.h"

namespace lamina::server {

/// The core of the server: what protocols ask, answered by the models of a Repository. Thread-safe.
class ModelCore final : public Core {
 public:
  struct Options {
    std::chrono::steady_clock::duration poll_interval = std::chrono::seconds(1);
    int parallel_loads = 2;
    LoadVersion load;
    /// See Repository::Options.
    std::string config_path;
    ModelConfig defaults;
  };

  /// Begins to load the models. Of several with one name the first counts.
  ModelCore(const std::vector<ModelConfig>& configs, const Options& options);
  /// Waits for the requests that still run.
  ~ModelCore() override;

  /// Returns when every first load is done. Tells whether there is anything to serve.
  bool WaitForFirstLoads();
  bool FirstLoadsDone() const;
  /// Whether nothing of what it began with could be loaded. If clients changed the models meanwhile, that is as they
  /// want it.
  bool StartFailed() const { return FirstLoadsDone() && !any_loaded_ && !changed_; }

  /// Live and Ready are false from here on; requests go on.
  void BeginShutdown() { stopping_ = true; }

  absl::StatusOr<InferResult> Infer(const InferRequest& request, OutputSink& sink) override;
  void InferAsync(const InferRequest& request, OutputSink& sink, InferDone done) override;
  absl::StatusOr<ModelMetadata> Metadata(std::string_view model, VersionSelector version) const override;
  absl::StatusOr<std::vector<VersionStatus>> Status(std::string_view model,
                                                    std::optional<VersionSelector> version) const override;
  absl::Status ModelReady(std::string_view model, VersionSelector version) const override;
  std::vector<std::string> Models() const override;
  bool Live() const override { return !stopping_; }
  bool Ready() const override;
  std::vector<IndexEntry> RepositoryIndex(bool ready_only) const override;
  void LoadModel(const std::string& model, const std::optional<std::string>& config, ChangeDone done) override;
  void UnloadModel(const std::string& model, ChangeDone done) override;
  void ReloadConfig(ChangeDone done) override;
  void SetModels(std::vector<WantedModel> models, ChangeDone done) override;
  absl::StatusOr<std::vector<ModelStatistics>> Statistics(std::string_view model,
                                                          VersionSelector version) const override;
  std::string MetricsText() const override;
  void CountCall(const Origin& origin, std::string_view model, VersionSelector version, bool ok) override;

 private:
  absl::StatusOr<std::shared_ptr<const Version>> FindVersion(std::string_view name,
                                                             const VersionSelector& version) const;

  std::counting_semaphore<> loads_;
  StatisticsTable statistics_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> any_loaded_ = false;  // ever
  std::atomic<bool> changed_ = false;     // by clients
  /// Once true it stays so, whatever is loaded later.
  mutable std::atomic<bool> first_loads_done_ = false;
  Repository repository_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_MODEL_CORE_H_
