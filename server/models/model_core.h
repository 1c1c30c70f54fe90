#ifndef LAMINA_SERVER_MODELS_MODEL_CORE_H_
#define LAMINA_SERVER_MODELS_MODEL_CORE_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/core.h"
#include "server/models/served_model.h"

namespace lamina::server {

/// The core of the server: the configured models, each of which looks after its own versions. Thread-safe.
class ModelCore final : public Core {
 public:
  struct Options {
    std::chrono::steady_clock::duration poll_interval = std::chrono::seconds(1);
    int parallel_loads = 2;
    LoadVersion load;
  };

  /// Begins to load the models. Of several with one name the first counts.
  ModelCore(const std::vector<ModelConfig>& configs, const Options& options);
  /// Waits for the requests that still run.
  ~ModelCore() override;

  /// Returns when every first load is done. Tells whether there is anything to serve.
  bool WaitForFirstLoads();
  bool FirstLoadsDone() const;

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

 private:
  absl::StatusOr<const ServedModel*> FindModel(std::string_view name, const VersionSelector& version) const;
  absl::StatusOr<std::shared_ptr<const Version>> FindVersion(std::string_view name,
                                                             const VersionSelector& version) const;

  std::counting_semaphore<> loads_;
  std::atomic<bool> stopping_ = false;
  // Constant after construction.
  std::map<std::string, std::unique_ptr<ServedModel>, std::less<>> models_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_MODEL_CORE_H_
