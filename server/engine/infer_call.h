#ifndef LAMINA_SERVER_ENGINE_INFER_CALL_H_
#define LAMINA_SERVER_ENGINE_INFER_CALL_H_

#include <cstddef>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "server/api/derived_memory.h"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"
#include "server/engine/compiled_model.h"
#include "server/engine/ports.h"

namespace lamina::server {

/// A request that was checked against a model: which tensor goes to which input, and which outputs are wanted.
struct InferCall {
  const InferRequest* request = nullptr;
  OutputSink* sink = nullptr;
  CompiledModel::Done done;
  InferTimes times;
  /// By the model's input.
  absl::InlinedVector<const InputTensor*, 8> inputs;
  /// The model's outputs, in the reply's order.
  absl::InlinedVector<size_t, 8> outputs;
  /// Whether it is to be run by itself, as another's failure may have spoilt it.
  bool alone = false;
  /// Of the engine's copies of strings.
  DerivedMemory memory;
};

/// Checks names, types, shapes and sizes, fills `call.inputs` and `call.outputs`, and takes the memory for what the
/// engine has to have copies of. `model` is for messages.
absl::Status CheckRequest(const InferRequest& request, const Ports& ports, std::string_view model, InferCall& call);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_INFER_CALL_H_
