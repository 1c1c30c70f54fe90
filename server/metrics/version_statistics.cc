#include "server/metrics/version_statistics.h"

#include <algorithm>

namespace lamina::server {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Time = InferSample::Time;

/// A number that one thread writes, or several if `shared`, and any thread reads.
class Counter {
 public:
  void Add(uint64_t value, bool shared) {
    if (shared) {
      value_.fetch_add(value, std::memory_order_relaxed);
    } else {
      value_.store(value_.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
    }
  }
  void Raise(uint64_t value) {
    if (value > value_.load(std::memory_order_relaxed)) value_.store(value, std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_ = 0;
};

using Histogram = std::array<Counter, kDurationBuckets>;

uint64_t Nanoseconds(Time from, Time to) {
  return static_cast<uint64_t>(std::max<int64_t>(0, duration_cast<nanoseconds>(to - from).count()));
}

void AddTo(DurationHistogram& sums, const Histogram& counters) {
  for (size_t i = 0; i < sums.size(); ++i) sums[i] += counters[i].value();
}

uint64_t Sum(const DurationHistogram& histogram) {
  uint64_t sum = 0;
  for (const uint64_t count : histogram) sum += count;
  return sum;
}

/// Milliseconds since 1970 of a time on the steady clock.
uint64_t SinceEpoch(uint64_t steady_ns) {
  if (steady_ns == 0) return 0;
  const auto ago = std::chrono::steady_clock::now().time_since_epoch() - nanoseconds(steady_ns);
  const auto when = std::chrono::system_clock::now().time_since_epoch() - ago;
  return static_cast<uint64_t>(duration_cast<milliseconds>(when).count());
}

}  // namespace

struct alignas(64) VersionStatistics::Shard {
  struct Batch {
    Counter count, input_ns, infer_ns, output_ns;
  };

  Counter rows, executions, fail_ns, queue_ns, input_ns, infer_ns, output_ns, last_ns;
  std::array<Counter, kInterfaceCount> request_ns;
  std::array<Histogram, kInterfaceCount> request_time;
  Histogram infer_time, queue_time;
  Counter failed;
  std::array<std::array<std::array<Counter, 2>, kInterfaceCount>, kMethodCount> requests;
  std::array<Batch, kBatchSizes> batches;
};

VersionStatistics::~VersionStatistics() {
  for (const auto& shard : shards_) delete shard.load(std::memory_order_acquire);
}

VersionStatistics::Shard& VersionStatistics::MyShard(size_t slot) {
  Shard* shard = shards_[slot].load(std::memory_order_acquire);
  if (shard != nullptr) [[likely]]
    return *shard;
  // Threads that share the last slot may come here together: the first one's counts.
  auto* mine = new Shard;
  if (shards_[slot].compare_exchange_strong(shard, mine, std::memory_order_acq_rel)) return *mine;
  delete mine;
  return *shard;
}

size_t VersionStatistics::BatchIndex(uint64_t size) {
  if (size == 0) return kBatchSizes;
  for (size_t probe = 0; probe < kBatchSizes; ++probe) {
    const size_t index = (size + probe) % kBatchSizes;
    uint64_t there = batch_sizes_[index].load(std::memory_order_relaxed);
    if (there == size) return index;
    if (there != 0) continue;
    if (batch_sizes_[index].compare_exchange_strong(there, size, std::memory_order_relaxed) || there == size)
      return index;
  }
  return kBatchSizes;
}

void VersionStatistics::Count(const InferSample& sample) {
  const size_t slot = ThreadSlot();
  const bool shared = slot == kThreadSlots;
  Shard& shard = MyShard(slot);
  const auto interface = static_cast<size_t>(sample.origin.interface);
  const uint64_t total = Nanoseconds(sample.began, sample.ended);
  shard.requests[static_cast<size_t>(sample.origin.method)][interface][sample.ok].Add(1, shared);
  if (!sample.ok) {
    shard.failed.Add(1, shared);
    shard.fail_ns.Add(total, shared);
    return;
  }
  const uint64_t queue = Nanoseconds(sample.began, sample.turn), input = Nanoseconds(sample.turn, sample.started),
                 infer = Nanoseconds(sample.started, sample.computed),
                 output = Nanoseconds(sample.computed, sample.ended);
  shard.rows.Add(sample.batch_size, shared);
  shard.queue_ns.Add(queue, shared);
  shard.input_ns.Add(input, shared);
  shard.infer_ns.Add(infer, shared);
  shard.output_ns.Add(output, shared);
  shard.last_ns.Raise(static_cast<uint64_t>(sample.ended.time_since_epoch().count()));
  shard.request_ns[interface].Add(total, shared);
  shard.request_time[interface][DurationBucket(total)].Add(1, shared);
  shard.infer_time[DurationBucket(infer)].Add(1, shared);
  shard.queue_time[DurationBucket(queue)].Add(1, shared);
  if (!sample.executed_rows) return;
  shard.executions.Add(1, shared);
  const size_t index = BatchIndex(*sample.executed_rows);
  if (index == kBatchSizes) return;
  Shard::Batch& batch = shard.batches[index];
  batch.count.Add(1, shared);
  batch.input_ns.Add(input, shared);
  batch.infer_ns.Add(infer, shared);
  batch.output_ns.Add(output, shared);
}

void VersionStatistics::CountCall(const Origin& origin, bool ok) {
  const size_t slot = ThreadSlot();
  MyShard(slot).requests[static_cast<size_t>(origin.method)][static_cast<size_t>(origin.interface)][ok].Add(
      1, slot == kThreadSlots);
}

void VersionStatistics::AddShard(const Shard& shard, StatisticsTotals& totals) {
  ModelStatistics& kserve = totals.kserve;
  kserve.inference_count += shard.rows.value();
  kserve.execution_count += shard.executions.value();
  kserve.fail.count += shard.failed.value();
  kserve.fail.ns += shard.fail_ns.value();
  kserve.queue.ns += shard.queue_ns.value();
  kserve.input.ns += shard.input_ns.value();
  kserve.infer.ns += shard.infer_ns.value();
  kserve.output.ns += shard.output_ns.value();
  for (size_t i = 0; i < kInterfaceCount; ++i) {
    totals.request_ns[i] += shard.request_ns[i].value();
    AddTo(totals.request_time[i], shard.request_time[i]);
    for (size_t method = 0; method < kMethodCount; ++method) {
      for (size_t ok : {0, 1}) totals.requests[method][i][ok] += shard.requests[method][i][ok].value();
    }
  }
  AddTo(totals.infer_time, shard.infer_time);
  AddTo(totals.queue_time, shard.queue_time);
}

std::vector<BatchStatistics> VersionStatistics::Batches() const {
  std::vector<BatchStatistics> batches;
  for (size_t i = 0; i < kBatchSizes; ++i) {
    BatchStatistics batch;
    batch.batch_size = batch_sizes_[i].load(std::memory_order_relaxed);
    for (const auto& pointer : shards_) {
      const Shard* shard = pointer.load(std::memory_order_acquire);
      if (shard == nullptr) continue;
      const Shard::Batch& counted = shard->batches[i];
      batch.infer.count += counted.count.value();
      batch.input.ns += counted.input_ns.value();
      batch.infer.ns += counted.infer_ns.value();
      batch.output.ns += counted.output_ns.value();
    }
    batch.input.count = batch.output.count = batch.infer.count;
    if (batch.infer.count > 0) batches.push_back(batch);
  }
  std::sort(batches.begin(), batches.end(),
            [](const BatchStatistics& a, const BatchStatistics& b) { return a.batch_size < b.batch_size; });
  return batches;
}

StatisticsTotals VersionStatistics::Totals() const {
  StatisticsTotals totals;
  uint64_t last_ns = 0;
  for (const auto& pointer : shards_) {
    const Shard* shard = pointer.load(std::memory_order_acquire);
    if (shard == nullptr) continue;
    AddShard(*shard, totals);
    last_ns = std::max(last_ns, shard->last_ns.value());
  }
  ModelStatistics& kserve = totals.kserve;
  kserve.last_inference_ms = SinceEpoch(last_ns);
  kserve.success = {Sum(totals.infer_time), totals.request_ns[0] + totals.request_ns[1]};
  for (DurationCount* part : {&kserve.queue, &kserve.input, &kserve.infer, &kserve.output})
    part->count = kserve.success.count;
  kserve.batches = Batches();
  return totals;
}

}  // namespace lamina::server
