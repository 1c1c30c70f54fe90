#ifndef LAMINA_SERVER_CONFIG_MODEL_SETTINGS_H_
#define LAMINA_SERVER_CONFIG_MODEL_SETTINGS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/model_config.h"

namespace lamina::server {

struct JsonField;

/// The keys that a model may have in config.json, in the order of the documentation.
std::span<const std::string_view> ModelSettingNames();

/// Reads the setting `name` from JSON. Problems go to the field's list; a name that is not known is one.
void ReadModelSetting(std::string_view name, const JsonField& field, ModelConfig& model);

/// Reads the setting `name` from the text of a command line flag, which for structured settings is JSON. Returns every
/// problem, each beginning with `--flag: `.
std::vector<std::string> ReadModelFlag(std::string_view name, std::string_view flag, std::string_view text,
                                       ModelConfig& model);

/// To be called when every setting was read: decides between settings that exclude each other and replaces old words by
/// today's; a warning for each.
void SettleModel(ModelConfig& model, std::vector<std::string>& warnings);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_MODEL_SETTINGS_H_
