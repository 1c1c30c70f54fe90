#include "server/engine/row_batches.h"

#include <algorithm>
#include <array>

#include "server/engine/row_trial.h"
#include "server/engine/row_wise.h"

namespace lamina::server {
namespace {

// 8 callers fill the first by half or more, as often as not, 64 the second.
constexpr std::array<size_t, 2> kRows = {4, 16};

bool AllOpenInRows(const ov::Model& model) {
  const auto inputs = model.inputs();
  return std::all_of(inputs.begin(), inputs.end(),
                     [](const auto& input) { return input.get_partial_shape()[0].is_dynamic(); });
}

/// From how many rows on a batch is quicker, if a row takes `row_ns` without it; more than it has: never.
size_t LeastFor(double batch_ns, double row_ns) {
  return std::max<size_t>(static_cast<size_t>(batch_ns / row_ns) + 1, 2);
}

}  // namespace

std::optional<size_t> RowBatches::BatchFor(size_t rows) const {
  for (size_t i = batches.size(); i > 0; --i) {
    if (batches[i - 1].least <= rows) return i - 1;
  }
  return std::nullopt;
}

RowBatches CompileRowBatches(ov::Core& core, const std::shared_ptr<ov::Model>& model, const ModelConfig& config,
                             Lanes& lanes) {
  RowBatches made;
  if (!lanes.row_ports || !AllOpenInRows(*model) || !IsRowWise(*model)) return made;
  RowTrial trial(*lanes.lanes.front().row, *lanes.row_ports);
  if (!trial.possible()) return made;
  const ov::AnyMap properties = LaneProperties(config);
  double row_ns = static_cast<double>(trial.row_time().count());
  for (const size_t rows : kRows) {
    const std::shared_ptr<ov::Model> fixed = ForRows(model, static_cast<int64_t>(rows));
    if (!fixed) break;  // more than the model takes
    ov::CompiledModel compiled = core.compile_model(fixed, config.target_device, properties);
    const auto time = trial.Try(compiled, rows);
    if (!time) return {};
    const auto batch_ns = static_cast<double>(time->count());
    const size_t least = LeastFor(batch_ns, row_ns);
    if (least > rows) continue;
    RowBatches::Batch& batch = made.batches.emplace_back(rows, least);
    batch.lanes.push_back(std::move(compiled));
    while (batch.lanes.size() < lanes.lanes.size())
      batch.lanes.push_back(core.compile_model(fixed, config.target_device, properties));
    row_ns = batch_ns / static_cast<double>(rows);
  }
  return made;
}

}  // namespace lamina::server
