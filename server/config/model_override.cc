#include "server/config/model_override.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/config/json_field.h"
#include "server/config/model_settings.h"
#include "server/config/near_name.h"
#include "server/config/parse_json.h"
#include "server/config/validate.h"

namespace lamina::server {
namespace {

// What makes a model quicker or more exact, by OpenVINO's names of today and of 2018 to 2022. Others name files and
// folders (CACHE_DIR, WEIGHTS_PATH), or may do so in a later version.
constexpr std::string_view kClientsProperties[] = {
    "CPU_BIND_THREAD",
    "CPU_DENORMALS_OPTIMIZATION",
    "CPU_SPARSE_WEIGHTS_DECOMPRESSION_RATE",
    "CPU_THREADS_NUM",
    "CPU_THROUGHPUT_STREAMS",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE",
    "DYN_BATCH_ENABLED",
    "DYN_BATCH_LIMIT",
    "ENABLE_CPU_PINNING",
    "ENABLE_CPU_RESERVATION",
    "ENABLE_HYPER_THREADING",
    "ENFORCE_BF16",
    "EXCLUSIVE_ASYNC_REQUESTS",
    "EXECUTION_MODE_HINT",
    "INFERENCE_NUM_THREADS",
    "INFERENCE_PRECISION_HINT",
    "KV_CACHE_PRECISION",
    "MODEL_DISTRIBUTION_POLICY",
    "NUM_STREAMS",
    "PERFORMANCE_HINT",
    "PERFORMANCE_HINT_NUM_REQUESTS",
    "SCHEDULING_CORE_TYPE",
};

void CheckProperties(const JsonField& field, const ModelConfig& model) {
  for (const auto& [name, value] : model.plugin_config) {
    if (std::ranges::find(kClientsProperties, name) != std::end(kClientsProperties)) continue;
    field.Refuse("'" + name + "' is not for clients to set (" + NearNameHint(name, kClientsProperties) +
                 "); set it in config.json, or leave it out");
  }
}

void ReadOverride(std::string_view key, const JsonField& field, const std::string& name, ModelConfig& model) {
  if (key == "cpu_extension")
    return field.Refuse("libraries of layers are named in config.json alone; leave the key out");
  ReadModelSetting(key, field, model);
  if (key == "plugin_config") CheckProperties(field, model);
  if (model.name != name)
    field.Refuse("'" + model.name + "' is not the model that is loaded, '" + name + "'; leave the key out");
  model.name = name;
}

}  // namespace

absl::StatusOr<ModelConfig> ParseModelOverride(const std::string& json, const ModelConfig& base) {
  simdjson::dom::parser parser;
  const absl::StatusOr<simdjson::dom::element> root = ParseJson(json, parser);
  if (!root.ok()) return absl::InvalidArgumentError(absl::StrCat("the settings are ", root.status().message()));
  ModelConfig model = base;
  std::vector<std::string> problems, warnings;
  JsonField{*root, "", &problems}.ForEachMember(
      [&](std::string_view key, const JsonField& field) { ReadOverride(key, field, base.name, model); });
  for (std::string& problem : FindProblems(model)) problems.push_back(std::move(problem));
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "; "));
  SettleModel(model, warnings);
  for (const std::string& warning : warnings) spdlog::warn("{}", warning);
  return model;
}

}  // namespace lamina::server
