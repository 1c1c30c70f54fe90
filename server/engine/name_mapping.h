#ifndef LAMINA_SERVER_ENGINE_NAME_MAPPING_H_
#define LAMINA_SERVER_ENGINE_NAME_MAPPING_H_

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace lamina::server {

/// The names under which clients see a model's tensors, keyed by the tensor's own; a tensor that is not here keeps its
/// name.
struct NameMapping {
  std::map<std::string, std::string> inputs;
  std::map<std::string, std::string> outputs;
};

/// Parses `{"inputs": {"tensor": "alias"}, "outputs": {"tensor": "alias"}}`, both parts optional.
absl::StatusOr<NameMapping> ParseNameMapping(std::string_view json);

/// Reads mapping_config.json in a version's folder; an empty mapping when there is none.
absl::StatusOr<NameMapping> ReadNameMapping(const std::filesystem::path& folder);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_NAME_MAPPING_H_
