#include "server/config/model_list.h"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_join.h"
#include "server/api/file_kind.h"
#include "server/api/status_macros.h"
#include "server/config/json_field.h"
#include "server/config/model_settings.h"
#include "server/config/parse_json.h"
#include "server/config/validate.h"

namespace lamina::server {
namespace {

/// What becomes of a list with problems.
enum class IfBad { kLeaveOut, kChangeNothing };

/// Reads one entry of the list; its problems, if any, end with what becomes of it.
void ReadEntry(const JsonField& entry, const ModelConfig& defaults, IfBad if_bad,
               std::map<std::string, std::string>& paths_by_name, ModelList& list) {
  const size_t problems_before = list.problems.size();
  ModelConfig model = defaults;
  bool configured = false;
  entry.ForEachMember([&](std::string_view key, const JsonField& member) {
    if (key != "config") return member.Refuse("unknown key; known are: config");
    configured = true;
    member.ForEachMember(
        [&](std::string_view name, const JsonField& setting) { ReadModelSetting(name, setting, model); });
  });
  if (!configured && entry.value.is_object())
    entry.Refuse("'config' is missing; write {\"config\": {\"name\": ..., \"base_path\": ...}}");
  if (configured && list.problems.size() == problems_before) {
    for (const std::string& problem : FindProblems(model)) entry.Refuse(problem);
  }
  if (configured && !model.name.empty()) {
    const auto [other, is_new] = paths_by_name.emplace(model.name, entry.path);
    if (!is_new)
      entry.Refuse("the name '" + model.name + "' is taken by " + other->second + "; give each model its own");
  }
  if (list.problems.size() > problems_before) {
    if (if_bad == IfBad::kChangeNothing) return;
    entry.Refuse(model.name.empty() ? "this entry is left out" : "model '" + model.name + "' is left out");
    return;
  }
  SettleModel(model, list.warnings);
  list.models.push_back(std::move(model));
}

/// What is beside the models. Files of OpenVINO Model Server have more sections: that on metrics asks for what is
/// always there, and an empty list for nothing.
void ReadOtherSection(std::string_view key, const JsonField& section, IfBad if_bad, ModelList& list) {
  if (key == "monitoring") {
    list.warnings.push_back("monitoring: is ignored: metrics are always there, at /metrics");
    return;
  }
  simdjson::dom::array entries;
  if (section.value.get(entries) == simdjson::SUCCESS && entries.size() == 0) return;
  section.Refuse(if_bad == IfBad::kLeaveOut ? "unknown key, ignored; known are: model_config_list"
                                            : "unknown key; known are: model_config_list");
}

absl::StatusOr<ModelList> Parse(const std::string& json, const ModelConfig& defaults, IfBad if_bad) {
  simdjson::dom::parser parser;
  LAMINA_ASSIGN_OR_RETURN(const simdjson::dom::element root, ParseJson(json, parser));
  ModelList list;
  simdjson::dom::array entries;
  if (root["model_config_list"].get(entries) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        "'model_config_list' is missing or not an array; write {\"model_config_list\": [{\"config\": {\"name\": ..., "
        "\"base_path\": ...}}]}");
  }
  if (entries.size() == 0) list.warnings.push_back("model_config_list is empty: it names no model to serve");
  std::map<std::string, std::string> paths_by_name;
  JsonField{root, "", &list.problems}.ForEachMember([&](std::string_view key, const JsonField& member) {
    if (key != "model_config_list") return ReadOtherSection(key, member, if_bad, list);
    member.ForEachElement([&](const JsonField& entry) { ReadEntry(entry, defaults, if_bad, paths_by_name, list); });
  });
  return list;
}

}  // namespace

absl::StatusOr<ModelList> ParseModelList(const std::string& json, const ModelConfig& defaults) {
  return Parse(json, defaults, IfBad::kLeaveOut);
}

absl::StatusOr<std::string> ReadConfigFile(const std::string& path) {
  LAMINA_RETURN_IF_ERROR(CheckHasEnd(path));
  errno = 0;
  std::ifstream file(path);
  std::ostringstream text;
  if (file && file.peek() == std::ifstream::traits_type::eof() && errno == 0) {
    return absl::InvalidArgumentError(path +
                                      " is empty; write {\"model_config_list\": [{\"config\": {\"name\": ..., "
                                      "\"base_path\": ...}}]}");
  }
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(path + ": cannot be read: " + std::strerror(errno) + "; give the path of a config.json");
  }
  return text.str();
}

absl::StatusOr<ModelList> ReadModelList(const std::string& path, const ModelConfig& defaults) {
  LAMINA_ASSIGN_OR_RETURN(const std::string text, ReadConfigFile(path));
  absl::StatusOr<ModelList> list = ParseModelList(text, defaults);
  if (!list.ok()) return absl::Status(list.status().code(), path + ": " + std::string(list.status().message()));
  return list;
}

absl::StatusOr<std::map<std::string, ModelConfig>> ParseWholeModelList(const std::string& json, const std::string& path,
                                                                       const ModelConfig& defaults) {
  absl::StatusOr<ModelList> list = Parse(json, defaults, IfBad::kChangeNothing);
  if (!list.ok()) {
    return absl::Status(list.status().code(),
                        path + ": " + std::string(list.status().message()) + "; nothing is changed");
  }
  if (!list->problems.empty())
    return absl::InvalidArgumentError(path + ": " + absl::StrJoin(list->problems, "; ") + "; nothing is changed");
  for (const std::string& warning : list->warnings) spdlog::warn("{}", warning);
  std::map<std::string, ModelConfig> models;
  for (ModelConfig& model : list->models) models.emplace(model.name, std::move(model));
  return models;
}

}  // namespace lamina::server
