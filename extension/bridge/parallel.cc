#include "extension/bridge/parallel.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>

namespace lamina::bridge {
namespace {

// Parts a thread: more than one, so that a thread that is held up does not hold up all; as many for each.
constexpr uint64_t kPartsPerThread = 4;

uint64_t Parts(uint64_t most, uint64_t threads) {
  return most < threads ? most : std::min(most / threads, kPartsPerThread) * threads;
}

// Where part i of `parts` begins: the first count % parts of them are longer by one.
uint64_t Begin(uint64_t i, uint64_t count, uint64_t parts) { return count / parts * i + std::min(i, count % parts); }

}  // namespace

uint32_t ThreadCount() { return uint32_t(std::max(1, tbb::this_task_arena::max_concurrency())); }

void ParallelFor(uint64_t count, uint64_t grain, void (*body)(void*, uint64_t, uint64_t), void* argument) {
  if (count == 0) return;
  const uint64_t most = count / std::max<uint64_t>(grain, 1);
  const uint64_t threads = most > 1 ? ThreadCount() : 1;
  if (threads == 1) return body(argument, 0, count);
  const uint64_t parts = Parts(most, threads);
  tbb::parallel_for(
      uint64_t{0}, parts,
      [=](uint64_t i) { body(argument, Begin(i, count, parts), Begin(i + 1, count, parts)); },
      tbb::simple_partitioner());
}

}  // namespace lamina::bridge
