#ifndef LAMINA_SERVER_CONFIG_MODEL_LIST_H_
#define LAMINA_SERVER_CONFIG_MODEL_LIST_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/model_config.h"

namespace lamina::server {

/// What a config.json asks for. A bad entry leaves the others as they are.
struct ModelList {
  std::vector<ModelConfig> models;
  std::vector<std::string> problems;  // each with its path; a model that has one is not in `models`
  std::vector<std::string> warnings;
};

/// Reads `{"model_config_list": [{"config": {...}}, ...]}`. Each model starts as `defaults`. An error when there is no
/// such list.
absl::StatusOr<ModelList> ParseModelList(const std::string& json, const ModelConfig& defaults);

/// The same from a file, whose path begins the error.
absl::StatusOr<ModelList> ReadModelList(const std::string& path, const ModelConfig& defaults);

/// The text of a configuration file. An error names the file and what to do.
absl::StatusOr<std::string> ReadConfigFile(const std::string& path);

/// The models of a file that is right as a whole, by name. A single problem is an error, which has all of them; `path`
/// begins it. Warnings go to the log.
absl::StatusOr<std::map<std::string, ModelConfig>> ParseWholeModelList(const std::string& json, const std::string& path,
                                                                       const ModelConfig& defaults);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_MODEL_LIST_H_
