// Weights that a model keeps in files beside it: bringing them along, and mapping them for the engine.
#ifndef LAMINA_PREPARE_EXTERNAL_DATA_H_
#define LAMINA_PREPARE_EXTERNAL_DATA_H_

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "prepare/mapped_file.h"
#include "prepare/onnx.pb.h"

namespace lamina::prepare {

/// Makes the files that the model in folder `from` refers to be in folder `to` as well: hard links, or copies where
/// that is impossible. The model stays as it is. A file that is there already is left if it holds the same, else it is
/// an error.
absl::Status BringExternalData(onnx::Model& model, const std::filesystem::path& from, const std::filesystem::path& to);

/// That the files which the model in `folder` refers to are there and can be read to their end: the engine would wait
/// for a pipe.
absl::Status CheckExternalData(onnx::Model& model, const std::filesystem::path& folder);

/// The operator that stands for weights in memory: attributes `address`, the engine's `type`, and `dims`. Whoever reads
/// the model converts it to a constant over that memory.
inline constexpr std::string_view kMappedDomain = "lamina.mapped", kMappedWeights = "Weights";

/// Maps the files that the model in `folder` refers to and makes its references point to that memory: initializers and
/// Constant nodes become kMappedWeights. What has no plain type, or is not aligned, gets the address in the form that
/// the engine's front-end reads, and copies. The caller keeps the mappings as long as anyone uses what was read.
absl::StatusOr<std::vector<std::shared_ptr<const MappedFile>>> MapExternalData(onnx::Model& model,
                                                                               const std::filesystem::path& folder);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_EXTERNAL_DATA_H_
