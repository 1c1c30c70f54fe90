#include "server/models/model_core.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {

ModelCore::ModelCore(const std::vector<ModelConfig>& configs, const Options& options) : loads_(options.parallel_loads) {
  for (const ModelConfig& config : configs) {
    if (models_.count(config.name)) {
      spdlog::error("the model '{}' at {} is skipped: another one has the same name; give it a name of its own",
                    config.name, config.base_path);
      continue;
    }
    models_[config.name] = std::make_unique<ServedModel>(
        config, ServedModel::Options{.poll_interval = options.poll_interval, .load = options.load, .loads = &loads_});
  }
}

ModelCore::~ModelCore() = default;

bool ModelCore::WaitForFirstLoads() {
  for (const auto& [name, model] : models_) model->WaitForFirstLoads();
  return Ready();
}

bool ModelCore::FirstLoadsDone() const {
  return std::all_of(models_.begin(), models_.end(), [](const auto& entry) { return entry.second->FirstLoadsDone(); });
}

bool ModelCore::Ready() const {
  const auto answers = [](const auto& entry) { return !entry.second->Available().empty(); };
  return !stopping_ && FirstLoadsDone() && std::any_of(models_.begin(), models_.end(), answers);
}

absl::StatusOr<const ServedModel*> ModelCore::FindModel(std::string_view name, const VersionSelector& version) const {
  const auto model = models_.find(name);
  if (model != models_.end()) return model->second.get();
  return absl::NotFoundError(
      absl::StrCat("Servable not found for request: Specific(", std::string(name), ", ", version.version, ")"));
}

absl::StatusOr<std::shared_ptr<const Version>> ModelCore::FindVersion(std::string_view name,
                                                                      const VersionSelector& version) const {
  LAMINA_ASSIGN_OR_RETURN(const ServedModel* model, FindModel(name, version));
  return model->Find(version);
}

void ModelCore::InferAsync(const InferRequest& request, OutputSink& sink, InferDone done) {
  absl::StatusOr<std::shared_ptr<const Version>> version = FindVersion(request.model, request.version);
  if (!version.ok()) return done(std::move(version).status());
  CompiledModel& found = *(*version)->model;
  found.InferAsync(request, sink, [version = *std::move(version), done = std::move(done)](absl::Status status) mutable {
    if (!status.ok()) return done(std::move(status));
    done(InferResult{.version = version->number});
  });
}

absl::StatusOr<InferResult> ModelCore::Infer(const InferRequest& request, OutputSink& sink) {
  std::promise<absl::StatusOr<InferResult>> result;
  InferAsync(request, sink, [&](absl::StatusOr<InferResult> done) { result.set_value(std::move(done)); });
  return result.get_future().get();
}

absl::StatusOr<ModelMetadata> ModelCore::Metadata(std::string_view name, VersionSelector selector) const {
  LAMINA_ASSIGN_OR_RETURN(const ServedModel* model, FindModel(name, selector));
  LAMINA_ASSIGN_OR_RETURN(const std::shared_ptr<const Version> version, model->Find(selector));
  return ModelMetadata{.name = model->name(),
                       .version = version->number,
                       .versions = model->Available(),
                       .platform = version->model->platform(),
                       .signature = version->model->signature()};
}

absl::StatusOr<std::vector<VersionStatus>> ModelCore::Status(std::string_view name,
                                                             std::optional<VersionSelector> selector) const {
  LAMINA_ASSIGN_OR_RETURN(const ServedModel* model, FindModel(name, selector.value_or(VersionSelector{})));
  return model->Status(selector);
}

absl::Status ModelCore::ModelReady(std::string_view name, VersionSelector version) const {
  return FindVersion(name, version).status();
}

std::vector<std::string> ModelCore::Models() const {
  std::vector<std::string> names;
  for (const auto& [name, model] : models_) names.push_back(name);
  return names;
}

}  // namespace lamina::server
