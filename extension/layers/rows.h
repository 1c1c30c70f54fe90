// A tensor as rows of features: what most operators of ai.onnx.ml make of [N, C], and of [C], which is one row.
#ifndef LAMINA_EXTENSION_LAYERS_ROWS_H_
#define LAMINA_EXTENSION_LAYERS_ROWS_H_

#include <lamina/context.h>

namespace lamina::layers {

/// -1 for what is not known yet.
struct RowShape {
  int64_t rows = -1;
  int64_t features = -1;
};

/// The rows of an input of rank 1 or 2. Throws an Error, naming the layer, for any other rank.
RowShape RowsOf(const TensorView& x, const char* layer);

/// The same, and throws if the number of features is known and is not the expected one.
RowShape RowsOf(const TensorView& x, const char* layer, size_t expected_features);

/// The elements of an input of f32, f64, i64 or i32 as floats: its own memory, or a copy in the call's scratch memory.
const float* FloatsOf(const Input& x, const Call& call);

/// Rows, or elements, that are worth a thread: about 16 thousand steps of `cost_of_one` each.
inline size_t Grain(size_t cost_of_one) { return 1 + 16384 / (1 + cost_of_one); }

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_ROWS_H_
