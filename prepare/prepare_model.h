// Preparing a model that has been parsed: what the functions of prepare.h and read_model.h share.
#ifndef LAMINA_PREPARE_PREPARE_MODEL_H_
#define LAMINA_PREPARE_PREPARE_MODEL_H_

#include <string>

#include "absl/status/statusor.h"
#include "prepare/onnx.pb.h"
#include "prepare/prepare.h"

namespace lamina::prepare {

/// Checks and rewrites the model in place. A report without changes: the model is as it was.
absl::StatusOr<Report> PrepareModel(onnx::Model& model, const Options& options);

/// The model as bytes; fails if they would be more than a protobuf may have.
absl::StatusOr<std::string> Serialize(const onnx::Model& model);

/// The same error with "<model>: " before its text.
absl::Status Annotate(const absl::Status& status, std::string_view model);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_PREPARE_MODEL_H_
