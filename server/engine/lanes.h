#ifndef LAMINA_SERVER_ENGINE_LANES_H_
#define LAMINA_SERVER_ENGINE_LANES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "openvino/core/model.hpp"
#include "openvino/runtime/compiled_model.hpp"
#include "openvino/runtime/core.hpp"
#include "server/config/model_config.h"
#include "server/engine/bound_request.h"
#include "server/engine/bound_rows.h"
#include "server/engine/infer_call.h"
#include "server/engine/ports.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// A model compiled for one thread, the caller's, to run by itself.
struct Lane {
  ov::CompiledModel any;
  /// For a single row, so that the engine need not work out shapes; not there if the model's shapes are fixed anyway.
  std::optional<ov::CompiledModel> row;
};

/// What a model of microseconds is served by: as many lanes as there are cores. With streams of the engine's own, each
/// inference changes threads, and what runs on one compiled model waits for each other. Measured on 2 cores of an AMD
/// EPYC (Zen 3), a model of one small layer, 8 callers: 60,000 inferences/s at 33 us of CPU with the throughput hint,
/// 400,000 at 3 us so.
struct Lanes {
  std::vector<Lane> lanes;
  /// The ports of Lane::row.
  std::optional<Ports> row_ports;

  /// True if Lane::row takes the request.
  bool TakesRow(const InferCall& call) const;
};

/// The engine's requests on a lane. Used by whoever holds the lane.
struct LaneRequests {
  Mutex mutex;
  std::optional<BoundRequest> any, row;
  std::atomic<int> failures = 0;  // Lane::any, which has to be compiled again: see OvModel
  /// One for each of RowBatches::batches, as far as they were used.
  std::vector<std::optional<BoundRows>> batches;
};

/// Holds a lane for a scope: the one that the thread had last, so that what it needs is in its core's caches, or else a
/// free one. There are as many as cores; threads beyond that wait.
class HeldLane {
 public:
  /// REQUIRES: there is one.
  explicit HeldLane(std::vector<LaneRequests>& lanes) ABSL_NO_THREAD_SAFETY_ANALYSIS;
  ~HeldLane() ABSL_NO_THREAD_SAFETY_ANALYSIS;
  HeldLane(const HeldLane&) = delete;
  HeldLane& operator=(const HeldLane&) = delete;

  size_t number() const { return number_; }

 private:
  std::vector<LaneRequests>& lanes_;
  size_t number_ = 0;
};

/// Whether the configuration leaves streams and threads to us.
bool MayUseLanes(const ModelConfig& config);

/// The model for so many rows; null if rows are not all that its inputs leave open. Throws what the engine throws.
std::shared_ptr<ov::Model> ForRows(const std::shared_ptr<ov::Model>& model, int64_t rows);

/// What a lane is compiled with.
ov::AnyMap LaneProperties(const ModelConfig& config);

/// Compiles a model that was read and reshaped. An error is the engine's.
absl::StatusOr<Lanes> CompileLanes(ov::Core& core, const std::shared_ptr<ov::Model>& model, const ModelConfig& config,
                                   const NameMapping& names, size_t count);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_LANES_H_
