#include "server/config/model_settings.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "server/config/json_field.h"
#include "server/config/legacy_properties.h"
#include "server/config/near_name.h"
#include "server/config/parse_json.h"
#include "server/config/shape_text.h"
#include "server/config/text_list.h"

namespace lamina::server {
namespace {

void ReadName(const JsonField& field, ModelConfig& model) {
  if (auto text = field.Text()) model.name = *text;
}

void ReadBasePath(const JsonField& field, ModelConfig& model) {
  if (auto text = field.Text()) model.base_path = *text;
}

void ReadTargetDevice(const JsonField& field, ModelConfig& model) {
  if (auto text = field.Text()) model.target_device = *text;
}

void ReadNireq(const JsonField& field, ModelConfig& model) {
  if (auto number = field.Integer(0, 100000)) model.nireq = *number;
}

void ReadQueueSize(const JsonField& field, ModelConfig& model) {
  if (auto number = field.Integer(0, INT64_MAX)) model.queue_size = *number;
}

/// An integer, or as a string: `auto`, an integer or a range. 0 stands for what the model says.
void ReadBatchSize(const JsonField& field, ModelConfig& model) {
  model.batch_size.reset();
  std::string text;
  if (int64_t number = 0; field.value.get(number) == simdjson::SUCCESS) {
    text = std::to_string(number);
  } else if (auto string = field.Text()) {
    text = *string;
  } else {
    return;
  }
  if (text == "0") return;
  if (text == "auto") {
    model.batch_size = DimensionRange{};
    return;
  }
  if (auto range = ParseDimension(text); range.ok()) {
    model.batch_size = *range;
  } else {
    field.Refuse("'" + text + "' is not a batch size; expected a number from 1, auto, or a range like 1:8");
  }
}

/// One input's shape: a text, or an array whose elements are dimensions.
std::optional<ShapeConfig> ReadShape(const JsonField& field) {
  if (!field.value.is_array()) {
    const auto text = field.Text();
    if (!text) return std::nullopt;
    auto shape = ParseShape(*text);
    if (shape.ok()) return *std::move(shape);
    field.Refuse(std::string(shape.status().message()));
    return std::nullopt;
  }
  ShapeConfig shape;
  field.ForEachElement([&](const JsonField& element) {
    std::string_view text;
    auto range = ParseDimension(element.value.get(text) == simdjson::SUCCESS ? std::string(text)
                                                                             : simdjson::to_string(element.value));
    if (range.ok()) {
      shape.dims.push_back(*range);
    } else {
      element.Refuse(std::string(range.status().message()));
    }
  });
  return shape;
}

void ReadShapes(const JsonField& field, ModelConfig& model) {
  model.shapes.clear();
  if (!field.value.is_object()) {
    if (auto shape = ReadShape(field)) model.shapes.emplace(ModelConfig::kEveryInput, *std::move(shape));
    return;
  }
  field.ForEachMember([&](std::string_view input, const JsonField& member) {
    if (auto shape = ReadShape(member)) model.shapes.emplace(input, *std::move(shape));
  });
}

void ReadLayouts(const JsonField& field, ModelConfig& model) {
  model.layouts.clear();
  if (!field.value.is_object()) {
    if (auto text = field.Text()) model.layouts.emplace(ModelConfig::kEveryInput, *std::move(text));
    return;
  }
  field.ForEachMember([&](std::string_view tensor, const JsonField& member) {
    if (auto text = member.Text()) model.layouts.emplace(tensor, *std::move(text));
  });
}

void ReadLatest(const JsonField& field, VersionPolicy& policy) {
  policy.kind = VersionPolicy::Kind::kLatest;
  field.ForEachMember([&](std::string_view key, const JsonField& member) {
    if (key != "num_versions") return member.Refuse("unknown key; known are: num_versions");
    if (auto number = member.Integer(1, INT64_MAX)) policy.num_versions = *number;
  });
}

void ReadSpecific(const JsonField& field, VersionPolicy& policy) {
  policy.kind = VersionPolicy::Kind::kSpecific;
  policy.versions.clear();
  field.ForEachMember([&](std::string_view key, const JsonField& member) {
    if (key != "versions") return member.Refuse("unknown key; known are: versions");
    member.ForEachElement([&](const JsonField& element) {
      if (auto number = element.Integer(1, INT64_MAX)) policy.versions.push_back(*number);
    });
  });
  std::sort(policy.versions.begin(), policy.versions.end());
  policy.versions.erase(std::unique(policy.versions.begin(), policy.versions.end()), policy.versions.end());
  if (policy.versions.empty()) field.Refuse("names no version; write {\"versions\": [1, 2]}");
}

void ReadVersionPolicy(const JsonField& field, ModelConfig& model) {
  int kinds = 0;
  VersionPolicy policy;
  field.ForEachMember([&](std::string_view key, const JsonField& member) {
    ++kinds;
    if (key == "latest") return ReadLatest(member, policy);
    if (key == "specific") return ReadSpecific(member, policy);
    if (key == "all") {
      policy.kind = VersionPolicy::Kind::kAll;
      return member.ForEachMember(
          [](std::string_view, const JsonField& extra) { extra.Refuse("unknown key; 'all' has none"); });
    }
    member.Refuse("unknown policy; known are: latest, specific, all");
  });
  if (kinds != 1 && field.value.is_object())
    field.Refuse("expected exactly one of latest, specific, all, got " + std::to_string(kinds));
  model.version_policy = std::move(policy);
}

void ReadVersionLabels(const JsonField& field, ModelConfig& model) {
  model.version_labels.clear();
  field.ForEachMember([&](std::string_view label, const JsonField& member) {
    if (label.empty()) return member.Refuse("an empty label; give it a name, or leave it out");
    if (auto number = member.Integer(1, INT64_MAX)) model.version_labels.emplace(label, *number);
  });
}

/// OpenVINO reads its properties from text: booleans are YES and NO there.
void ReadPluginConfig(const JsonField& field, ModelConfig& model) {
  model.plugin_config.clear();
  field.ForEachMember([&](std::string_view key, const JsonField& member) {
    if (bool flag = false; member.value.get(flag) == simdjson::SUCCESS) {
      model.plugin_config.emplace(key, flag ? "YES" : "NO");
    } else if (member.value.is_number()) {
      model.plugin_config.emplace(key, simdjson::to_string(member.value));
    } else if (auto text = member.Text()) {
      model.plugin_config.emplace(key, *std::move(text));
    }
  });
}

/// ':'-separated in a string, or an array of strings.
void ReadCpuExtensions(const JsonField& field, ModelConfig& model) {
  model.cpu_extensions.clear();
  if (!field.value.is_array()) {
    if (auto text = field.Text()) model.cpu_extensions = SplitPaths(*text);
    return;
  }
  field.ForEachElement([&](const JsonField& element) {
    if (auto text = element.Text()) model.cpu_extensions.push_back(*std::move(text));
  });
}

struct Setting {
  std::string_view name;
  void (*read)(const JsonField&, ModelConfig&);
};

constexpr Setting kSettings[] = {
    {"name", ReadName},
    {"base_path", ReadBasePath},
    {"batch_size", ReadBatchSize},
    {"shape", ReadShapes},
    {"layout", ReadLayouts},
    {"model_version_policy", ReadVersionPolicy},
    {"version_labels", ReadVersionLabels},
    {"nireq", ReadNireq},
    {"queue_size", ReadQueueSize},
    {"target_device", ReadTargetDevice},
    {"plugin_config", ReadPluginConfig},
    {"cpu_extension", ReadCpuExtensions},
};

constexpr auto kNames = [] {
  std::array<std::string_view, std::size(kSettings)> names;
  std::transform(std::begin(kSettings), std::end(kSettings), names.begin(),
                 [](const Setting& setting) { return setting.name; });
  return names;
}();

}  // namespace

std::span<const std::string_view> ModelSettingNames() { return kNames; }

void ReadModelSetting(std::string_view name, const JsonField& field, ModelConfig& model) {
  const auto setting =
      std::find_if(std::begin(kSettings), std::end(kSettings), [&](const Setting& s) { return s.name == name; });
  if (setting == std::end(kSettings)) {
    field.Refuse("unknown key; " + NearNameHint(name, kNames));
  } else {
    setting->read(field, model);
  }
}

std::vector<std::string> ReadModelFlag(std::string_view name, std::string_view flag, std::string_view text,
                                       ModelConfig& model) {
  std::vector<std::string> problems;
  simdjson::dom::parser parser;
  const std::string path = "--" + std::string(flag);
  const std::string json = text.starts_with('{') ? std::string(text) : JsonQuoted(text);
  const absl::StatusOr<simdjson::dom::element> value = ParseJson(json, parser);
  if (value.ok()) {
    ReadModelSetting(name, JsonField{*value, path, &problems}, model);
  } else {
    problems.push_back(path + ": '" + std::string(text) + "' is " + std::string(value.status().message()));
  }
  return problems;
}

void SettleModel(ModelConfig& model, std::vector<std::string>& warnings) {
  if (model.batch_size && !model.shapes.empty()) {
    warnings.push_back("Both shape and batch_size parameters are set for model: " + model.name +
                       ". Assuming that model is reshapable - batch_size will be ignored");
    model.batch_size.reset();
  }
  ReplaceLegacyProperties(model.plugin_config, warnings);
}

}  // namespace lamina::server
