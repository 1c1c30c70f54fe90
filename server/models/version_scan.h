#ifndef LAMINA_SERVER_MODELS_VERSION_SCAN_H_
#define LAMINA_SERVER_MODELS_VERSION_SCAN_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace lamina::server {

/// A version on disk.
struct FoundVersion {
  std::filesystem::path path;
  /// Changes when a file of the version is added, removed, resized or written: names, sizes and times in one text.
  std::string fingerprint;

  bool operator==(const FoundVersion&) const = default;
};

/// The versions at a model's base path, by number: its folders with a positive number for a name. A base path that has
/// none but holds a model, or is one, is version 1. An error says why there is nothing.
absl::StatusOr<std::map<int64_t, FoundVersion>> FindVersions(const std::filesystem::path& base_path);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_VERSION_SCAN_H_
