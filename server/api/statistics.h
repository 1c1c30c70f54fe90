#ifndef LAMINA_SERVER_API_STATISTICS_H_
#define LAMINA_SERVER_API_STATISTICS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace lamina::server {

/// How often something was done, and how long that took in all.
struct DurationCount {
  uint64_t count = 0;
  uint64_t ns = 0;
};

/// The parts of the inferences of one batch size.
struct BatchStatistics {
  uint64_t batch_size = 0;
  DurationCount input, infer, output;
};

/// What a version of a model has done since it was loaded.
struct ModelStatistics {
  std::string model;
  int64_t version = 0;
  /// When the last inference ended, in ms since 1970; 0: there was none.
  uint64_t last_inference_ms = 0;
  /// Rows that were inferred: an execution counts as many as its batch has.
  uint64_t inference_count = 0;
  uint64_t execution_count = 0;
  /// From when the core took a request to when it was done.
  DurationCount success, fail;
  /// The parts of those that succeeded: waiting for their turn; checking and binding the inputs; the model; handing
  /// over the outputs.
  DurationCount queue, input, infer, output;
  /// By batch size, ascending. Sizes beyond the first few dozen that came are not listed.
  std::vector<BatchStatistics> batches;
};

/// How busy a loaded version is now.
struct Occupancy {
  int64_t streams = 0;  // of the engine
  int64_t slots = 0;    // inferences that can run at the same time
  int64_t running = 0;
  int64_t waiting = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_STATISTICS_H_
