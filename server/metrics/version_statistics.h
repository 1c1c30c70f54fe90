#ifndef LAMINA_SERVER_METRICS_VERSION_STATISTICS_H_
#define LAMINA_SERVER_METRICS_VERSION_STATISTICS_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "server/api/origin.h"
#include "server/api/statistics.h"
#include "server/metrics/duration_buckets.h"
#include "server/metrics/thread_slot.h"

namespace lamina::server {

/// One inference that has ended.
struct InferSample {
  using Time = std::chrono::steady_clock::time_point;

  Origin origin;
  bool ok = true;
  uint64_t batch_size = 1;
  /// The rows of the execution; nothing if another inference was part of it, which counts it.
  std::optional<uint64_t> executed_rows = 1;
  /// When the core took the request, its turn came, the model began, the model ended, and all was done. The parts count
  /// when the inference succeeded.
  Time began, turn, started, computed, ended;
};

using DurationHistogram = std::array<uint64_t, kDurationBuckets>;

/// All that was counted, in one piece.
struct StatisticsTotals {
  /// Without the names of model and version.
  ModelStatistics kserve;
  /// By method, interface, and whether they succeeded.
  std::array<std::array<std::array<uint64_t, 2>, kInterfaceCount>, kMethodCount> requests{};
  /// By interface; of those that succeeded.
  std::array<DurationHistogram, kInterfaceCount> request_time{};
  std::array<uint64_t, kInterfaceCount> request_ns{};
  DurationHistogram infer_time{}, queue_time{};
};

/// Counts what a version of a model does. Thread-safe, and cheap: each thread writes to memory of its own, without
/// locked instructions; who reads adds it up.
class VersionStatistics {
 public:
  VersionStatistics() = default;
  ~VersionStatistics();
  VersionStatistics(const VersionStatistics&) = delete;
  VersionStatistics& operator=(const VersionStatistics&) = delete;

  void Count(const InferSample& sample);
  /// A call that is no inference.
  void CountCall(const Origin& origin, bool ok);

  /// Includes every call that was counted before on a thread that this one has waited for; others perhaps.
  StatisticsTotals Totals() const;

 private:
  static constexpr size_t kBatchSizes = 32;
  struct Shard;

  Shard& MyShard(size_t slot);
  /// kBatchSizes for an empty batch, and when the table is full.
  size_t BatchIndex(uint64_t size);
  static void AddShard(const Shard& shard, StatisticsTotals& totals);
  std::vector<BatchStatistics> Batches() const;

  std::array<std::atomic<Shard*>, kThreadSlots + 1> shards_{};
  /// Batch sizes in the order in which they came; 0: free.
  std::array<std::atomic<uint64_t>, kBatchSizes> batch_sizes_{};
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_METRICS_VERSION_STATISTICS_H_
