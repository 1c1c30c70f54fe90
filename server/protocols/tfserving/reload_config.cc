#include "server/protocols/tfserving/reload_config.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

namespace tfs = tensorflow::serving;
using Policy = tfs::FileSystemStoragePathSourceConfig::ServableVersionPolicy;

absl::StatusOr<VersionPolicy> ReadPolicy(const std::string& model, const Policy& policy) {
  VersionPolicy read;
  if (policy.has_all()) read.kind = VersionPolicy::Kind::kAll;
  if (policy.has_latest() && policy.latest().num_versions() > 0) read.num_versions = policy.latest().num_versions();
  if (!policy.has_specific()) return read;
  read.kind = VersionPolicy::Kind::kSpecific;
  read.versions.assign(policy.specific().versions().begin(), policy.specific().versions().end());
  std::sort(read.versions.begin(), read.versions.end());
  read.versions.erase(std::unique(read.versions.begin(), read.versions.end()), read.versions.end());
  if (!read.versions.empty() && read.versions.front() > 0) return read;
  return absl::InvalidArgumentError(
      absl::StrCat("model '", model, "': the specific version policy needs versions from 1"));
}

}  // namespace

absl::StatusOr<std::vector<WantedModel>> ReadReloadConfig(const tfs::ReloadConfigRequest& request) {
  if (!request.config().has_model_config_list()) {
    return absl::InvalidArgumentError(request.config().has_custom_model_config()
                                          ? "custom_model_config is not known here; send a model_config_list"
                                          : "the config has no model_config_list; send the models to be served");
  }
  std::vector<WantedModel> models;
  for (const tfs::ModelConfig& config : request.config().model_config_list().config()) {
    WantedModel& model = models.emplace_back();
    model.name = config.name();
    model.base_path = config.base_path();
    LAMINA_ASSIGN_OR_RETURN(model.version_policy, ReadPolicy(config.name(), config.model_version_policy()));
    model.version_labels.insert(config.version_labels().begin(), config.version_labels().end());
  }
  return models;
}

void WriteReloadStatus(const absl::Status& status, tfs::ReloadConfigResponse& response) {
  response.mutable_status()->set_error_code(static_cast<tensorflow::error::Code>(status.code()));
  response.mutable_status()->set_error_message(std::string(status.message()));
}

}  // namespace lamina::server
