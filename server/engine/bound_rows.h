#ifndef LAMINA_SERVER_ENGINE_BOUND_ROWS_H_
#define LAMINA_SERVER_ENGINE_BOUND_ROWS_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "openvino/runtime/compiled_model.hpp"
#include "openvino/runtime/infer_request.hpp"
#include "server/engine/infer_call.h"
#include "server/engine/ports.h"

namespace lamina::server {

/// An infer request of the engine for a fixed number of rows, each of which is the row of another call. Rows are copied
/// in and out: they are small. Used by one thread at a time. Functions throw what the engine throws.
class BoundRows {
 public:
  /// `row_ports` are those of the same model for a single row, and outlive this. None of the inputs are strings.
  BoundRows(ov::CompiledModel& model, size_t rows, const Ports& row_ports);

  ov::InferRequest& engine() { return request_; }

  /// Before the inference. Rows without a call are computed, too: they repeat the first one's.
  /// REQUIRES: 1 to `rows` calls for a single row each.
  void Bind(std::span<const InferCall> calls);

  /// After the inference: gives a call its row of the outputs that it wants.
  absl::Status Collect(const InferCall& call, size_t row);

 private:
  const size_t rows_;
  const Ports& row_ports_;
  ov::InferRequest request_;
  std::vector<ov::Tensor> inputs_, outputs_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_BOUND_ROWS_H_
