// Stands in for ov::Core::read_model: prepares an ONNX model on its way into the engine, in memory, and hands
// everything that is not ONNX through. The only part of prepare/ that knows OpenVINO.
//
// May be called from any thread, as ov::Core may.
#ifndef LAMINA_PREPARE_READ_MODEL_H_
#define LAMINA_PREPARE_READ_MODEL_H_

#include <filesystem>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "prepare/prepare.h"

namespace ov {
class Core;
class Model;
}  // namespace ov

namespace lamina::prepare {

struct ReadOptions : Options {
  /// A library that is no SDK library (openvino-tokenizers, say) has been added to the core: what operators it takes
  /// can't be known, so an operator unknown to us is left for the engine to judge.
  bool native_libraries = false;
};

struct ReadResult {
  std::shared_ptr<ov::Model> model;
  Report report;  // empty for a model that is not ONNX or needed nothing
};

/// Reads the model at `path` into `core`, to which the extension libraries must have been added already. A path whose
/// file is an ONNX model (by content, whatever its name) is prepared; any other goes to core.read_model as it is.
/// External weights are mapped from beside `path`; the model keeps the mappings alive.
absl::StatusOr<ReadResult> ReadModel(ov::Core& core, const std::filesystem::path& path, const ReadOptions& options);

/// The same for an ONNX model in memory; external weights are looked for in `weights_folder`.
absl::StatusOr<ReadResult> ReadModelFromMemory(ov::Core& core, std::string_view model,
                                               const std::filesystem::path& weights_folder, const ReadOptions& options);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_READ_MODEL_H_
