#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lamina::server {

/// A dimension to give to an input: min == max is a fixed one; max == -1 has no upper bound.
struct Dimension {
  int64_t min = 0;
  int64_t max = -1;

  static Dimension Fixed(int64_t size) { return {size, size}; }
  friend bool operator==(const Dimension&, const Dimension&) = default;
};

/// The shape to give to an input. `automatic`: every dimension is taken from each request.
struct ShapeSetting {
  bool automatic = false;
  std::vector<Dimension> dimensions;

  friend bool operator==(const ShapeSetting&, const ShapeSetting&) = default;
};

struct LatestVersions {
  int64_t count = 1;
  friend bool operator==(const LatestVersions&, const LatestVersions&) = default;
};
struct SpecificVersions {
  std::vector<int64_t> versions;
  friend bool operator==(const SpecificVersions&, const SpecificVersions&) = default;
};
struct AllVersions {
  friend bool operator==(const AllVersions&, const AllVersions&) = default;
};
/// Which of the versions on disk are served.
using VersionPolicy = std::variant<LatestVersions, SpecificVersions, AllVersions>;

/// One served model, as configured. Configuration fills it; the models component reads it.
struct ModelConfig {
  std::string name;
  /// A folder of numbered versions, or a model file, or a folder that directly holds one (both are then version 1).
  std::string base_path;
  /// Dimension{} (any size) stands for "auto".
  std::optional<Dimension> batch_size;
  /// By input name; "" stands for every input that is not named. Wins over batch_size.
  std::map<std::string, ShapeSetting> shapes;
  /// By input name ("" as above): the model's layout, "NCHW", or "NHWC:NCHW" when clients send NHWC to an NCHW model.
  std::map<std::string, std::string> layouts;
  VersionPolicy version_policy = LatestVersions{};
  std::map<std::string, int64_t> version_labels;
  /// Inferences that run at the same time; 0 lets the engine choose.
  int nireq = 0;
  std::string target_device = "CPU";
  /// OpenVINO properties for compiling, values as OpenVINO prints them.
  std::map<std::string, std::string> plugin_config;
  /// Extension libraries for this model instead of the server's; empty means none.
  std::optional<std::vector<std::string>> cpu_extensions;
  /// Requests that may wait for a free inference; one more is refused with RESOURCE_EXHAUSTED.
  int queue_size = 1000;

  friend bool operator==(const ModelConfig&, const ModelConfig&) = default;
};

}  // namespace lamina::server
