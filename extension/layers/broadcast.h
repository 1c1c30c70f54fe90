// Numpy's broadcasting: shapes aligned at their ends, a dimension of 1 repeated.
#ifndef LAMINA_EXTENSION_LAYERS_BROADCAST_H_
#define LAMINA_EXTENSION_LAYERS_BROADCAST_H_

#include <lamina/context.h>

#include <vector>

namespace lamina::layers {

/// The shape that both fit; -1 where it is not known. Throws an Error naming the layer if they don't fit.
/// REQUIRES: both ranks are known.
std::vector<int64_t> BroadcastShape(std::span<const int64_t> a, std::span<const int64_t> b, const char* layer);

/// Tells the shape and type of output 0, of unknown rank if one of the first `inputs` has none.
void InferBroadcast(const Inference& inference, size_t inputs, int32_t type, const char* layer);

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_BROADCAST_H_
