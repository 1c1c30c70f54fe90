// The host's threads: those of the stream that runs the inference, so that layers and engine never use more than one
// set.
#ifndef LAMINA_EXTENSION_BRIDGE_PARALLEL_H_
#define LAMINA_EXTENSION_BRIDGE_PARALLEL_H_

#include <cstdint>

namespace lamina::bridge {

/// Threads of the stream that the caller runs in, the caller included.
uint32_t ThreadCount();

/// Calls body(argument, begin, end) for parts of [0, count), each of at least `grain` unless it is the only one, and
/// waits. What is too small to share runs on the caller's thread alone.
void ParallelFor(uint64_t count, uint64_t grain, void (*body)(void*, uint64_t, uint64_t), void* argument);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_PARALLEL_H_
