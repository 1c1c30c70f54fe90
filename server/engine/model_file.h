#ifndef LAMINA_SERVER_ENGINE_MODEL_FILE_H_
#define LAMINA_SERVER_ENGINE_MODEL_FILE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace lamina::server {

/// A model on disk.
struct ModelFile {
  /// What the engine is told to read: a file, or the folder of a TensorFlow SavedModel.
  std::filesystem::path path;
  /// "openvino", "onnx", "tensorflow", "paddle" or "tflite".
  std::string platform;
};

/// The version whose folder this is: it is called by a number from 1 on. Nothing of anything else.
std::optional<int64_t> VersionOfFolder(const std::filesystem::path& folder);

/// Finds the one model in a version's folder, or takes `path` itself when it is a model file. When there are files of
/// several formats the first of this order counts: *.xml, *.onnx, saved_model.pb (also in a folder *.saved_model),
/// *.pb, *.pdmodel, *.tflite.
absl::StatusOr<ModelFile> FindModelFile(const std::filesystem::path& path);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_MODEL_FILE_H_
