#ifndef LAMINA_SERVER_ENGINE_ROW_TRIAL_H_
#define LAMINA_SERVER_ENGINE_ROW_TRIAL_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "openvino/runtime/compiled_model.hpp"
#include "server/engine/bound_request.h"
#include "server/engine/bound_rows.h"
#include "server/engine/ports.h"

namespace lamina::server {

/// Tries a model that is compiled for several rows against the same for a single row: whether it gives the same to the
/// last bit, and how long each takes. The engine may add up in another order when there are more rows.
class RowTrial {
 public:
  /// Runs the single row on rows of chance. They and what is compiled for it outlive this. Throws what the engine
  /// throws.
  RowTrial(ov::CompiledModel& row, const Ports& row_ports);

  /// False if there is nothing to compare with: an input of strings, or rows too large to be worth it.
  bool possible() const { return possible_; }
  std::chrono::nanoseconds row_time() const { return row_time_; }

  /// The time that an inference of `rows` rows takes; nothing if it gives anything else for a row of chance. All of
  /// them are run twice, each in another place of a batch the second time. REQUIRES: kRows is a multiple of `rows`.
  std::optional<std::chrono::nanoseconds> Try(ov::CompiledModel& compiled, size_t rows);

 private:
  using Memory = std::vector<std::byte>;
  /// One row: its inputs, and the outputs that the model gave for it.
  struct Row {
    std::vector<Memory> inputs;
    std::vector<InputTensor> tensors;
    std::vector<Memory> outputs;
    std::vector<std::vector<std::string>> strings;
  };
  class Sink;
  static constexpr size_t kRows = 64;

  void MakeRows();
  Row Answer() const;
  InferCall CallOf(const Row& row, OutputSink& sink) const;
  bool HasRows(const ov::CompiledModel& compiled, size_t rows) const;
  bool GivesTheSame(BoundRows& request, std::span<const Row* const> rows) const;

  const Ports& ports_;
  bool possible_ = true;
  std::vector<Row> rows_;
  std::chrono::nanoseconds row_time_{};
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_ROW_TRIAL_H_
