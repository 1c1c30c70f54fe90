#include "server/protocols/kserve/repository.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

absl::Status CheckModelName(const std::string& name) {
  if (!name.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("model_name is empty; name the model");
}

absl::StatusOr<std::string> ReadConfigParameter(const inference::ModelRepositoryParameter& parameter) {
  if (parameter.has_string_param()) return parameter.string_param();
  return absl::InvalidArgumentError("the parameter config is not a string; give it JSON in string_param");
}

}  // namespace

std::string_view KserveState(VersionState state) {
  switch (state) {
    case VersionState::kStart:
      return "UNKNOWN";
    case VersionState::kLoading:
      return "LOADING";
    case VersionState::kAvailable:
      return "READY";
    case VersionState::kUnloading:
      return "UNLOADING";
    case VersionState::kEnd:
      return "UNAVAILABLE";
  }
  return "UNKNOWN";
}

absl::Status CheckRepositoryName(const std::string& name) {
  if (name.empty()) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat("there is no repository '", name, "': the only one has no name; leave repository_name out"));
}

void WriteRepositoryIndex(std::span<const IndexEntry> index, inference::RepositoryIndexResponse& response) {
  for (const IndexEntry& entry : index) {
    auto& model = *response.add_models();
    model.set_name(entry.model);
    if (entry.version != 0) model.set_version(std::to_string(entry.version));
    model.set_state(std::string(KserveState(entry.state)));
    model.set_reason(entry.reason);
  }
}

absl::StatusOr<std::optional<std::string>> ReadLoadConfig(const inference::RepositoryModelLoadRequest& request) {
  LAMINA_RETURN_IF_ERROR(CheckRepositoryName(request.repository_name()));
  LAMINA_RETURN_IF_ERROR(CheckModelName(request.model_name()));
  std::optional<std::string> config;
  for (const auto& [key, parameter] : request.parameters()) {
    if (key == "config") {
      LAMINA_ASSIGN_OR_RETURN(config, ReadConfigParameter(parameter));
    } else if (absl::StartsWith(key, "file:")) {
      return absl::UnimplementedError(
          absl::StrCat("the parameter ", key,
                       " cannot be taken: models are loaded from their folder, not from "
                       "requests; put the file there, or name another base_path in config"));
    } else {
      return absl::InvalidArgumentError(absl::StrCat("unknown parameter ", key, "; known are: config"));
    }
  }
  return config;
}

absl::Status CheckUnload(const inference::RepositoryModelUnloadRequest& request) {
  LAMINA_RETURN_IF_ERROR(CheckRepositoryName(request.repository_name()));
  LAMINA_RETURN_IF_ERROR(CheckModelName(request.model_name()));
  for (const auto& [key, parameter] : request.parameters()) {
    // No model depends on another one here.
    if (key != "unload_dependents")
      return absl::InvalidArgumentError(absl::StrCat("unknown parameter ", key, "; known are: unload_dependents"));
  }
  return absl::OkStatus();
}

}  // namespace lamina::server
