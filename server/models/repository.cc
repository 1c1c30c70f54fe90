#include "server/models/repository.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/api/status_macros.h"
#include "server/config/model_override.h"
#include "server/config/validate.h"
#include "server/models/model_plan.h"

namespace lamina::server {

using Kind = ModelAction::Kind;

Repository::Repository(const std::vector<ModelConfig>& configs, Options options) : options_(std::move(options)) {
  if (!options_.config_path.empty())
    config_file_.emplace(options_.config_path, options_.defaults, options_.served.poll_interval);
  for (const ModelConfig& config : configs) {
    if (configured_.emplace(config.name, config).second) {
      models_.Put(config, Start(config));
    } else {
      spdlog::error("the model '{}' at {} is skipped: another one has the same name; give it a name of its own",
                    config.name, config.base_path);
    }
  }
  changes_ = std::make_unique<ChangeQueue>([this] { LookAfter(); }, options_.served.poll_interval);
}

Repository::~Repository() { changes_->Stop(); }

void Repository::LoadModel(const std::string& model, const std::optional<std::string>& config, ChangeDone done) {
  changes_->Add([this, model, config] { return Load(model, config); }, std::move(done));
}

void Repository::UnloadModel(const std::string& model, ChangeDone done) {
  changes_->Add([this, model] { return Unload(model); }, std::move(done));
}

void Repository::ReloadConfig(ChangeDone done) {
  if (!config_file_) {
    return done(absl::FailedPreconditionError(
        "There is no config.json to read again: the model was given on the command line. Start the server with "
        "--config_path."));
  }
  const auto reload = [this]() -> absl::Status {
    LAMINA_ASSIGN_OR_RETURN(configured_, config_file_->Read());
    return Apply(configured_);
  };
  changes_->Add(reload, std::move(done));
}

void Repository::SetModels(std::vector<WantedModel> models, ChangeDone done) {
  changes_->Add([this, models = std::move(models)] { return Set(models); }, std::move(done));
}

absl::StatusOr<ModelConfig> Repository::ConfigToLoad(const std::string& model,
                                                     const std::optional<std::string>& config) const {
  const auto configured = configured_.find(model);
  if (config) {
    ModelConfig base = configured != configured_.end() ? configured->second : options_.defaults;
    base.name = model;
    return ParseModelOverride(*config, base);
  }
  if (configured != configured_.end()) return configured->second;
  const Configs served = models_.Configs();
  if (const auto row = served.find(model); row != served.end()) return row->second;
  return absl::NotFoundError(
      absl::StrCat("There is no model '", model,
                   "' in the configuration. Add it there, or load it with settings of its own: the parameter config, "
                   "{\"base_path\": \"/models/...\"}."));
}

absl::Status Repository::Load(const std::string& model, const std::optional<std::string>& config) {
  LAMINA_ASSIGN_OR_RETURN(ModelConfig wanted, ConfigToLoad(model, config));
  Configs all = models_.Configs();
  const auto now = all.find(model);
  if (now != all.end() && now->second == wanted) {
    const std::shared_ptr<ServedModel> served = models_.Find(model);
    served->LookAgain();
    served->WaitForLoads();
    return served->WhyNotAvailable();
  }
  all.insert_or_assign(model, std::move(wanted));
  return Apply(all);
}

absl::Status Repository::Unload(const std::string& model) {
  if (!models_.Contains(model)) {
    if (models_.Removed(model)) return absl::OkStatus();
    return absl::NotFoundError(absl::StrCat("There is no model '", model, "' to unload."));
  }
  models_.Remove(model);
  spdlog::info("model '{}' is taken away", model);
  return absl::OkStatus();
}

absl::Status Repository::Set(const std::vector<WantedModel>& models) {
  Configs known = models_.Configs();
  known.insert(configured_.begin(), configured_.end());
  Configs wanted;
  std::vector<std::string> problems;
  for (const WantedModel& model : models) {
    const auto before = known.find(model.name);
    ModelConfig config = before != known.end() ? before->second : options_.defaults;
    config.name = model.name;
    config.base_path = model.base_path;
    config.version_policy = model.version_policy;
    config.version_labels = model.version_labels;
    for (const std::string& problem : FindProblems(config))
      problems.push_back(absl::StrCat("model '", model.name, "': ", problem));
    if (!wanted.emplace(model.name, std::move(config)).second)
      problems.push_back(
          absl::StrCat("the model '", model.name, "' is there twice; give each model a name of its own"));
  }
  if (problems.empty()) return Apply(wanted);
  return absl::InvalidArgumentError(absl::StrCat(absl::StrJoin(problems, "; "), "; nothing is changed"));
}

absl::Status Repository::Apply(const Configs& wanted) {
  std::map<std::string, std::shared_ptr<ServedModel>> started;
  for (const ModelAction& action : PlanModels(models_.Configs(), wanted)) {
    const std::string& name = action.model;
    if (action.kind == Kind::kRemove) {
      models_.Remove(name);
      spdlog::info("model '{}' is taken away", name);
      continue;
    }
    const ModelConfig& config = wanted.at(name);
    spdlog::info("model '{}' is {}", name, action.kind == Kind::kAdd ? "added" : "changed");
    if (action.kind == Kind::kSettle) models_.Settle(config);
    started[name] = action.kind == Kind::kSettle ? models_.Find(name) : Start(config);
    if (action.kind == Kind::kAdd) models_.Put(config, started[name]);
  }
  std::vector<std::string> problems;
  for (auto& [name, served] : started) {
    const absl::Status status = Finish(wanted.at(name), std::move(served));
    if (!status.ok()) problems.emplace_back(status.message());
  }
  if (problems.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(problems, "; "));
}

std::shared_ptr<ServedModel> Repository::Start(const ModelConfig& config) {
  ServedModel::Options options = options_.served;
  options.on_ended = [this] { changes_->Nudge(); };
  return std::make_shared<ServedModel>(config, std::move(options));
}

absl::Status Repository::Finish(const ModelConfig& config, std::shared_ptr<ServedModel> started) {
  started->WaitForLoads();
  absl::Status status = started->WhyNotAvailable();
  const std::shared_ptr<ServedModel> served = models_.Find(config.name);
  if (served == started) return status;
  // What answers is not given up for what does not; where nothing answers the new one is nearer to what is wanted.
  if (status.ok() || !served->WhyNotAvailable().ok()) {
    models_.Put(config, std::move(started));
    return status;
  }
  return absl::Status(status.code(),
                      absl::StrCat(status.message(), ". The model stays as it was before it was changed."));
}

void Repository::LookAfter() {
  models_.DestroyEnded();
  if (!config_file_ || options_.served.poll_interval <= options_.served.poll_interval.zero()) return;
  std::optional<Configs> wanted = config_file_->ReadIfChanged();
  if (!wanted) return;
  configured_ = *std::move(wanted);
  if (const absl::Status status = Apply(configured_); !status.ok()) spdlog::error("{}", std::string(status.message()));
}

}  // namespace lamina::server
