// What it costs to count one inference, by thread; and with the two readings of the clock that it adds to a request.
#include <benchmark/benchmark.h>

#include "server/metrics/version_statistics.h"

namespace lamina::server {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

VersionStatistics& Statistics() {
  static VersionStatistics statistics;
  return statistics;
}

InferSample Sample() {
  InferSample sample{.batch_size = 4};
  sample.began = sample.turn = steady_clock::now();
  sample.started = sample.turn + microseconds(1);
  sample.computed = sample.started + microseconds(9);
  sample.ended = sample.computed + microseconds(1);
  return sample;
}

void Count(benchmark::State& state) {
  const InferSample sample = Sample();
  for (auto _ : state) Statistics().Count(sample);
}
BENCHMARK(Count)->ThreadRange(1, 4)->UseRealTime();

void CountAndTakeTheTime(benchmark::State& state) {
  InferSample sample = Sample();
  for (auto _ : state) {
    sample.began = sample.turn = steady_clock::now();
    sample.ended = steady_clock::now();
    Statistics().Count(sample);
  }
}
BENCHMARK(CountAndTakeTheTime)->ThreadRange(1, 4)->UseRealTime();

void Totals(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Statistics().Totals());
}
BENCHMARK(Totals);

}  // namespace
}  // namespace lamina::server
