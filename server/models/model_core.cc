#include "server/models/model_core.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "server/api/status_macros.h"
#include "server/metrics/metrics_text.h"

namespace lamina::server {
namespace {

using Clock = std::chrono::steady_clock;

/// Whether the shapes are right is not known yet: what is counted for a request that fails does not matter.
uint64_t BatchSize(const Version& version, const InferRequest& request) {
  if (!version.batched || request.inputs.empty() || request.inputs[0].shape.empty()) return 1;
  return static_cast<uint64_t>(request.inputs[0].shape[0]);
}

void Complete(InferSample& sample, bool ok, const InferTimes& times) {
  sample.ok = ok;
  sample.turn = times.turn == Clock::time_point() ? sample.began : times.turn;
  sample.started = times.started;
  sample.computed = times.computed;
  sample.executed_rows.reset();
  if (times.together > 0) sample.executed_rows = sample.batch_size * times.together;
  sample.ended = Clock::now();
}

}  // namespace

ModelCore::ModelCore(const std::vector<ModelConfig>& configs, const Options& options)
    : loads_(options.parallel_loads),
      repository_(configs, {.served = {.poll_interval = options.poll_interval,
                                       .load =
                                           [this, load = options.load](const ModelConfig& model, int64_t version,
                                                                       const std::string& path) {
                                             auto loaded = load(model, version, path);
                                             if (loaded.ok()) any_loaded_ = true;
                                             return loaded;
                                           },
                                       .statistics = [this](const std::string& model,
                                                            int64_t version) { return statistics_.Of(model, version); },
                                       .loads = &loads_},
                            .config_path = options.config_path,
                            .defaults = options.defaults}) {}

ModelCore::~ModelCore() = default;

bool ModelCore::WaitForFirstLoads() {
  for (const auto& model : repository_.models().Served()) model->WaitForLoads();
  return Ready();
}

bool ModelCore::FirstLoadsDone() const {
  if (first_loads_done_) return true;
  const auto models = repository_.models().Served();
  const bool done =
      std::all_of(models.begin(), models.end(), [](const auto& model) { return model->FirstLoadsDone(); });
  if (done) first_loads_done_ = true;
  return done;
}

bool ModelCore::Ready() const {
  return !stopping_ && FirstLoadsDone() && !RepositoryIndex(/*ready_only=*/true).empty();
}

absl::StatusOr<std::shared_ptr<const Version>> ModelCore::FindVersion(std::string_view name,
                                                                      const VersionSelector& version) const {
  return repository_.models().With(name, version, [&](const ServedModel& model) { return model.Find(version); });
}

void ModelCore::InferAsync(const InferRequest& request, OutputSink& sink, InferDone done) {
  InferSample sample{.origin = request.origin, .began = Clock::now()};
  absl::StatusOr<std::shared_ptr<const Version>> version = FindVersion(request.model, request.version);
  if (!version.ok()) return done(std::move(version).status());
  CompiledModel& found = *(*version)->model;
  sample.batch_size = BatchSize(**version, request);
  found.InferAsync(request, sink,
                   [version = *std::move(version), sample, done = std::move(done)](absl::Status status,
                                                                                   const InferTimes& times) mutable {
                     Complete(sample, status.ok(), times);
                     version->statistics->Count(sample);
                     if (!status.ok()) {
                       version->failures->Tell(status);
                       return done(std::move(status));
                     }
                     done(InferResult{.version = version->number});
                   });
}

absl::StatusOr<InferResult> ModelCore::Infer(const InferRequest& request, OutputSink& sink) {
  std::promise<absl::StatusOr<InferResult>> result;
  InferAsync(request, sink, [&](absl::StatusOr<InferResult> done) { result.set_value(std::move(done)); });
  return result.get_future().get();
}

absl::StatusOr<ModelMetadata> ModelCore::Metadata(std::string_view name, VersionSelector selector) const {
  return repository_.models().With(name, selector, [&](const ServedModel& model) -> absl::StatusOr<ModelMetadata> {
    LAMINA_ASSIGN_OR_RETURN(const std::shared_ptr<const Version> version, model.Find(selector));
    return ModelMetadata{.name = model.name(),
                         .version = version->number,
                         .versions = model.Available(),
                         .platform = version->model->platform(),
                         .signature = version->model->signature()};
  });
}

absl::StatusOr<std::vector<VersionStatus>> ModelCore::Status(std::string_view name,
                                                             std::optional<VersionSelector> selector) const {
  return repository_.models().Status(name, selector);
}

absl::Status ModelCore::ModelReady(std::string_view name, VersionSelector version) const {
  return FindVersion(name, version).status();
}

std::vector<std::string> ModelCore::Models() const { return repository_.models().Names(); }

std::vector<IndexEntry> ModelCore::RepositoryIndex(bool ready_only) const {
  std::vector<IndexEntry> index = repository_.models().Index();
  if (ready_only) {
    const auto not_ready = [](const IndexEntry& entry) { return entry.state != VersionState::kAvailable; };
    index.erase(std::remove_if(index.begin(), index.end(), not_ready), index.end());
  }
  return index;
}

void ModelCore::LoadModel(const std::string& model, const std::optional<std::string>& config, ChangeDone done) {
  changed_ = true;
  repository_.LoadModel(model, config, std::move(done));
}

void ModelCore::UnloadModel(const std::string& model, ChangeDone done) {
  changed_ = true;
  repository_.UnloadModel(model, std::move(done));
}

void ModelCore::ReloadConfig(ChangeDone done) {
  changed_ = true;
  repository_.ReloadConfig(std::move(done));
}

void ModelCore::SetModels(std::vector<WantedModel> models, ChangeDone done) {
  changed_ = true;
  repository_.SetModels(std::move(models), std::move(done));
}

absl::StatusOr<std::vector<ModelStatistics>> ModelCore::Statistics(std::string_view name,
                                                                   VersionSelector selector) const {
  int64_t wanted = 0;
  if (!name.empty()) {
    const bool one = selector.version != 0 || !selector.label.empty();
    LAMINA_ASSIGN_OR_RETURN(const std::shared_ptr<const Version> found, FindVersion(name, selector));
    if (one) wanted = found->number;
  }
  std::vector<ModelStatistics> statistics;
  for (const auto& [model, view] : repository_.models().Versions()) {
    if (!view.version || (!name.empty() && model != name) || (wanted != 0 && view.status.version != wanted)) continue;
    ModelStatistics& one = statistics.emplace_back(view.version->statistics->Totals().kserve);
    one.model = model;
    one.version = view.status.version;
  }
  return statistics;
}

std::string ModelCore::MetricsText() const {
  std::vector<VersionReading> readings;
  for (const auto& [model, view] : repository_.models().Versions()) {
    VersionReading& reading = readings.emplace_back();
    reading.model = model;
    reading.version = view.status.version;
    reading.state = view.status.state;
    if (!view.version) continue;
    reading.totals = view.version->statistics->Totals();
    reading.occupancy = view.version->model->occupancy();
  }
  return server::MetricsText(readings);
}

void ModelCore::CountCall(const Origin& origin, std::string_view model, VersionSelector version, bool ok) {
  const auto found = FindVersion(model, version);
  if (found.ok()) (*found)->statistics->CountCall(origin, ok);
}

}  // namespace lamina::server
