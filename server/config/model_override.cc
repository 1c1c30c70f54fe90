#include "server/config/model_override.h"

#include <spdlog/spdlog.h>

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_join.h"
#include "server/config/json_field.h"
#include "server/config/model_settings.h"
#include "server/config/validate.h"

namespace lamina::server {
namespace {

void ReadOverride(std::string_view key, const JsonField& field, const std::string& name, ModelConfig& model) {
  if (key == "cpu_extension")
    return field.Refuse("libraries of layers are named in config.json alone; leave the key out");
  ReadModelSetting(key, field, model);
  if (model.name != name)
    field.Refuse("'" + model.name + "' is not the model that is loaded, '" + name + "'; leave the key out");
  model.name = name;
}

}  // namespace

absl::StatusOr<ModelConfig> ParseModelOverride(const std::string& json, const ModelConfig& base) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (const auto error = parser.parse(json).get(root); error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(std::string("the settings are not valid JSON: ") +
                                      simdjson::error_message(error));
  }
  ModelConfig model = base;
  std::vector<std::string> problems, warnings;
  JsonField{root, "", &problems}.ForEachMember(
      [&](std::string_view key, const JsonField& field) { ReadOverride(key, field, base.name, model); });
  for (std::string& problem : FindProblems(model)) problems.push_back(std::move(problem));
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "; "));
  SettleModel(model, warnings);
  for (const std::string& warning : warnings) spdlog::warn("{}", warning);
  return model;
}

}  // namespace lamina::server
