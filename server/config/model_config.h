#ifndef LAMINA_SERVER_CONFIG_MODEL_CONFIG_H_
#define LAMINA_SERVER_CONFIG_MODEL_CONFIG_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lamina::server {

/// The sizes that one dimension may have, both ends included.
struct DimensionRange {
  static constexpr int64_t kUnlimited = -1;

  int64_t min = 0;
  int64_t max = kUnlimited;

  bool operator==(const DimensionRange&) const = default;
};

/// The shape asked for an input. Automatic: whatever a request brings.
struct ShapeConfig {
  bool automatic = false;
  std::vector<DimensionRange> dims;  // empty when automatic, or for a scalar

  bool operator==(const ShapeConfig&) const = default;
};

/// Which of the versions found in a model's folder are served.
struct VersionPolicy {
  enum class Kind { kLatest, kAll, kSpecific };

  Kind kind = Kind::kLatest;
  int64_t num_versions = 1;       // of kLatest
  std::vector<int64_t> versions;  // of kSpecific, ascending

  bool operator==(const VersionPolicy&) const = default;
};

/// One model, as config.json, the command line or a call of the API asks for it. A plain value.
struct ModelConfig {
  /// In `shapes` and `layouts`: every input that has no entry of its own.
  static constexpr char kEveryInput[] = "";

  std::string name;
  /// The folder that holds a folder a version.
  std::string base_path;

  /// The first dimension of every input; not given: as the model says. Ignored when `shapes` is given.
  std::optional<DimensionRange> batch_size;
  /// Keyed by the input's name in the model.
  std::map<std::string, ShapeConfig> shapes;
  /// Keyed by the input's or output's name in the model: `NHWC`, or `NHWC:NCHW` (what requests bring: what the model
  /// takes).
  std::map<std::string, std::string> layouts;

  VersionPolicy version_policy;
  /// Names that requests may use instead of a version's number.
  std::map<std::string, int64_t> version_labels;
  /// Requests that run at the same time; 0: as many as the engine finds best.
  int64_t nireq = 0;
  std::string target_device = "CPU";
  /// Requests that may wait for their turn; one more is refused.
  int64_t queue_size = 1000;
  /// Properties of the device, as OpenVINO spells them; names and values are handed on as they are here.
  std::map<std::string, std::string> plugin_config;

  /// Extension libraries that this model needs besides the server's own list.
  std::vector<std::string> cpu_extensions;

  bool operator==(const ModelConfig&) const = default;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_CONFIG_MODEL_CONFIG_H_
