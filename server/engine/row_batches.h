#ifndef LAMINA_SERVER_ENGINE_ROW_BATCHES_H_
#define LAMINA_SERVER_ENGINE_ROW_BATCHES_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "openvino/core/model.hpp"
#include "openvino/runtime/compiled_model.hpp"
#include "openvino/runtime/core.hpp"
#include "server/config/model_config.h"
#include "server/engine/lanes.h"

namespace lamina::server {

/// A model compiled to run several single rows at once: what the engine does around an inference it then does once for
/// all of them, and a forest takes them side by side. Not changed once made.
struct RowBatches {
  struct Batch {
    size_t rows = 0;
    /// From so many rows on it is quicker than smaller batches, or than one row after the other.
    size_t least = 0;
    std::vector<ov::CompiledModel> lanes;  // one for each of Lanes::lanes
  };
  std::vector<Batch> batches;  // by rows, ascending

  /// The number of the batch that is best for so many rows; nothing: one after the other.
  std::optional<size_t> BatchFor(size_t rows) const;
};

/// Compiles the batches of a model that has lanes. None if it is not sure that rows have nothing to do with each other
/// (IsRowWise), or if a batch gives other bits than its rows alone. Throws what the engine throws.
RowBatches CompileRowBatches(ov::Core& core, const std::shared_ptr<ov::Model>& model, const ModelConfig& config,
                             Lanes& lanes);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_ROW_BATCHES_H_
