#include "server/api/core.h"

#include <utility>

namespace lamina::server {
namespace {

absl::Status ModelsAreFixed() {
  return absl::UnimplementedError("The models of this server are fixed: they cannot be changed while it runs.");
}

}  // namespace

std::vector<IndexEntry> Core::RepositoryIndex(bool /*ready_only*/) const { return {}; }

void Core::LoadModel(const std::string& /*model*/, const std::optional<std::string>& /*config*/, ChangeDone done) {
  done(ModelsAreFixed());
}

void Core::UnloadModel(const std::string& /*model*/, ChangeDone done) { done(ModelsAreFixed()); }

void Core::ReloadConfig(ChangeDone done) { done(ModelsAreFixed()); }

void Core::SetModels(std::vector<WantedModel> /*models*/, ChangeDone done) { done(ModelsAreFixed()); }

absl::StatusOr<std::vector<ModelStatistics>> Core::Statistics(std::string_view /*model*/,
                                                              VersionSelector /*version*/) const {
  return absl::UnimplementedError("This server keeps no statistics.");
}

std::string Core::MetricsText() const { return {}; }

void Core::CountCall(const Origin& /*origin*/, std::string_view /*model*/, VersionSelector /*version*/, bool /*ok*/) {}

}  // namespace lamina::server
