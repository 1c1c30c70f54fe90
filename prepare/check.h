// What of a model can be judged before anything is rewritten: that it is one, and that it will not end the engine.
#ifndef LAMINA_PREPARE_CHECK_H_
#define LAMINA_PREPARE_CHECK_H_

#include <string_view>

#include "absl/status/status.h"
#include "prepare/onnx.pb.h"

namespace lamina::prepare {

/// Reads a serialised model. Fails with InvalidArgument and a reason: empty, a pointer of git-lfs, not a protobuf or
/// cut off, a protobuf of something else, over 2 GiB.
absl::Status ParseModel(std::string_view bytes, onnx::Model& model);

/// Whether bytes (the whole file) are an ONNX model rather than a model of another format, judged by the fields at
/// their top level alone. A damaged ONNX model may pass.
bool LooksLikeOnnx(std::string_view bytes);

/// Fails with InvalidArgument if a node, of a function too, lacks what the engine's front-end crashes without or has no
/// outputs, a node reads a value that nothing makes, two nodes make the same value, two inputs have the same name, or a
/// tensor's data is said to be in the memory of a process.
absl::Status CheckModel(const onnx::Model& model);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_CHECK_H_
