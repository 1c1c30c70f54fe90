#ifndef LAMINA_SERVER_MODELS_REPOSITORY_TESTING_H_
#define LAMINA_SERVER_MODELS_REPOSITORY_TESTING_H_

#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/models/testing.h"

namespace lamina::server::testing {

/// A change to a core's models, made and waited for.
class RepositoryTest : public ModelsTest {
 protected:
  template <typename Ask>
  static absl::Status Made(const Ask& ask) {
    std::promise<absl::Status> made;
    ask([&](absl::Status status) { made.set_value(std::move(status)); });
    return made.get_future().get();
  }
  static absl::Status Load(Core& core, const std::string& model, const std::optional<std::string>& config = {}) {
    return Made([&](ChangeDone done) { core.LoadModel(model, config, std::move(done)); });
  }
  static absl::Status Unload(Core& core, const std::string& model) {
    return Made([&](ChangeDone done) { core.UnloadModel(model, std::move(done)); });
  }
  static absl::Status Reload(Core& core) {
    return Made([&](ChangeDone done) { core.ReloadConfig(std::move(done)); });
  }
  static absl::Status Set(Core& core, std::vector<WantedModel> models) {
    return Made([&](ChangeDone done) { core.SetModels(std::move(models), std::move(done)); });
  }

  /// Moved to its place, as the file is looked at all the time.
  std::string WriteConfig(const std::vector<std::string>& models) const {
    const std::string entries = absl::StrJoin(models, ", ", [](std::string* out, const std::string& model) {
      absl::StrAppend(out, "{\"config\": ", model, "}");
    });
    const std::filesystem::path beside = folder_.path() / "beside.json", path = folder_.path() / "config.json";
    std::ofstream(beside) << "{\"model_config_list\": [" << entries << "]}";
    std::filesystem::rename(beside, path);
    return path.string();
  }
  std::string Entry(const std::string& name, const std::string& more = "") const {
    return absl::StrCat("{\"name\": \"", name, "\", \"base_path\": \"", (folder_.path() / name).string(), "\"", more,
                        "}");
  }

  /// The settings that serve one version alone.
  static std::string OnlyVersion(int version) {
    return absl::StrCat(R"({"model_version_policy": {"specific": {"versions": [)", version, "]}}}");
  }
  ModelConfig ServingVersion1() const { return Config("m", {.kind = VersionPolicy::Kind::kSpecific, .versions = {1}}); }

  static std::string Platform(const Core& core, const std::string& model = "m") {
    const auto metadata = core.Metadata(model, {});
    return metadata.ok() ? metadata->platform : std::string(metadata.status().message());
  }
};

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_MODELS_REPOSITORY_TESTING_H_
