#ifndef LAMINA_SERVER_ENGINE_BOUND_REQUEST_H_
#define LAMINA_SERVER_ENGINE_BOUND_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "openvino/runtime/compiled_model.hpp"
#include "openvino/runtime/infer_request.hpp"
#include "server/engine/infer_call.h"
#include "server/engine/ports.h"

namespace lamina::server {

/// An infer request of the engine whose tensors are the caller's memory for the time of a call: inputs are wrapped
/// where they lie, outputs of known shape are written where the reply wants them. Small ones are copied, which is
/// quicker than telling the engine about other memory. Used by one thread at a time. Functions throw what the engine
/// throws.
class BoundRequest {
 public:
  BoundRequest(ov::CompiledModel& model, const Ports& ports);

  ov::InferRequest& engine() { return request_; }

  /// Before the inference. REQUIRES: CheckRequest filled `call`.
  absl::Status Bind(const InferCall& call);

  /// Whether the inference writes into the reply, so that it cannot be done again for the same call.
  bool writes_reply() const { return !reserved_.empty(); }

  /// After the inference: hands over what was not written in place.
  absl::Status Collect(const InferCall& call);

  /// Gives back the memory of large inputs of strings, which are copies. After the call, however it ended.
  void ForgetStrings();

 private:
  void BindInput(size_t index, const InputTensor& tensor);
  void CopyInput(size_t index, const InputTensor& tensor);
  absl::Status BindOutput(size_t index, size_t position, OutputSink& sink);
  absl::Status CollectOutput(size_t index, size_t position, OutputSink& sink);

  const Ports& ports_;
  ov::InferRequest request_;
  /// Memory for small inputs, of the shape that came last.
  struct OwnInput {
    ov::Tensor tensor;
    std::vector<int64_t> shape;
    bool in_use = false;
  };
  std::vector<OwnInput> own_inputs_;
  bool has_strings_ = false;  // large ones, in the engine's inputs
  /// The engine's own output memory, to go back to; empty for outputs without a fixed shape.
  std::vector<ov::Tensor> own_outputs_;
  /// Outputs that point into a reply: this call's, or a former one's.
  std::vector<bool> redirected_;
  /// The reply's memory for the outputs that were reserved before the inference; its first members, by position.
  absl::InlinedVector<std::span<std::byte>, 8> reserved_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_BOUND_REQUEST_H_
