// Operators of two tensors, element by element, with numpy's broadcasting.
#ifndef LAMINA_EXTENSION_LAYERS_ELEMENTWISE_PAIRS_H_
#define LAMINA_EXTENSION_LAYERS_ELEMENTWISE_PAIRS_H_

#include <algorithm>

#include "extension/layers/broadcast.h"
#include "extension/layers/index_walk.h"
#include "extension/layers/rows.h"

namespace lamina::layers {

/// z = op(x, y). Equal shapes and a y of one element, the most frequent ones, are for all threads and for vectors.
template <class T, class Z, class Op>
void ForEachPair(const In<T>& x, const In<T>& y, const Out<Z>& z, const Call& call, const Op& op) {
  const bool is_plain = std::ranges::equal(x.dims(), z.dims());
  if (is_plain && std::ranges::equal(y.dims(), z.dims())) {
    call.ParallelFor(z.size(), Grain(1), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) z[i] = op(x[i], y[i]);
    });
  } else if (is_plain && y.size() == 1) {
    const auto only = y[0];
    call.ParallelFor(z.size(), Grain(1), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) z[i] = op(x[i], only);
    });
  } else {
    IndexWalk of_x = BroadcastWalk(x.dims(), z.dims()), of_y = BroadcastWalk(y.dims(), z.dims());
    for (size_t i = 0; i < z.size(); ++i, of_x.Next(), of_y.Next()) z[i] = op(x[of_x.place()], y[of_y.place()]);
  }
}

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_ELEMENTWISE_PAIRS_H_
