#ifndef LAMINA_SERVER_MODELS_REPOSITORY_H_
#define LAMINA_SERVER_MODELS_REPOSITORY_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/api/repository.h"
#include "server/models/change_queue.h"
#include "server/models/config_file.h"
#include "server/models/model_table.h"
#include "server/models/served_model.h"

namespace lamina::server {

/// Which models are wanted: those of the configuration, and what clients change about them. Brings the models there,
/// one change at a time, so that a model that is replaced answers until the new one does. Thread-safe.
class Repository {
 public:
  struct Options {
    /// How each model is looked after; `on_ended` is set by the repository.
    ServedModel::Options served;
    /// Read again by ReloadConfig, and whenever its text has changed, looked at as often as the models' folders. Empty:
    /// there is none.
    std::string config_path;
    /// What a model of config.json, or one that a client adds, starts as.
    ModelConfig defaults;
  };

  /// Begins to load the models. Of several with one name the first counts.
  Repository(const std::vector<ModelConfig>& configs, Options options);
  /// Waits for the change that is being made, and for the requests that still run.
  ~Repository();

  const ModelTable& models() const { return models_; }

  // See Core.
  void LoadModel(const std::string& model, const std::optional<std::string>& config, ChangeDone done);
  void UnloadModel(const std::string& model, ChangeDone done);
  void ReloadConfig(ChangeDone done);
  void SetModels(std::vector<WantedModel> models, ChangeDone done);

 private:
  using Configs = ConfigFile::Models;

  // All below run on the queue's thread.
  absl::Status Load(const std::string& model, const std::optional<std::string>& config);
  absl::Status Unload(const std::string& model);
  absl::Status Set(const std::vector<WantedModel>& models);
  absl::StatusOr<ModelConfig> ConfigToLoad(const std::string& model, const std::optional<std::string>& config) const;
  absl::Status Apply(const Configs& wanted);
  std::shared_ptr<ServedModel> Start(const ModelConfig& config);
  absl::Status Finish(const ModelConfig& config, std::shared_ptr<ServedModel> started);
  void LookAfter();

  const Options options_;
  /// The queue's thread's own, once it runs: what the configuration says, and the file it comes from, if there is one.
  Configs configured_;
  std::optional<ConfigFile> config_file_;
  std::unique_ptr<ChangeQueue> changes_;
  /// Destroyed before the queue, which models nudge when they end.
  ModelTable models_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_REPOSITORY_H_
