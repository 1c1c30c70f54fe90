// Weights that a model keeps in files beside it: bringing them along, and mapping them for the engine.
#ifndef LAMINA_PREPARE_EXTERNAL_DATA_H_
#define LAMINA_PREPARE_EXTERNAL_DATA_H_

#include <filesystem>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "prepare/mapped_file.h"
#include "prepare/onnx.pb.h"

namespace lamina::prepare {

/// Makes the files that the model in folder `from` refers to be in folder `to` as well: hard links, or copies where
/// that is impossible. The model stays as it is. A file that is there already is left if it holds the same, else it is
/// an error.
absl::Status BringExternalData(onnx::Model& model, const std::filesystem::path& from, const std::filesystem::path& to);

/// Maps the files that the model in `folder` refers to and makes its references point to that memory, in the form that
/// the engine's front-end reads. The caller keeps the mappings as long as anyone uses what was read.
absl::StatusOr<std::vector<std::shared_ptr<const MappedFile>>> MapExternalData(onnx::Model& model,
                                                                               const std::filesystem::path& folder);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_EXTERNAL_DATA_H_
