#include <lamina/layer.h>

#include <functional>

#include "extension/layers/elementwise_pairs.h"

namespace lamina::layers {
namespace {

/// z = x == y, element by element.
///
/// Inputs: x, y: both string, i64, i32, u64, u32, f32 or f64, of shapes that broadcast.
/// Outputs: z, bool, of the broadcast shape. A NaN equals nothing.
/// Errors: shapes that don't fit.
/// Source: ai.onnx Equal; in domain `lamina` for what the engine compares wrongly: strings, and integers, as f32.
/// Accuracy: to the bit.
struct Equal {
  void Infer(const Inference& inference) const { InferBroadcast(inference, 2, LAMINA_BOOL, "Equal"); }

  template <class T>
  void Compute(In<T> x, In<T> y, Out<bool> z, const Call& call) const {
    ForEachPair(x, y, z, call, std::equal_to<T>());
  }
};

LAMINA_LAYER(Equal, .Onnx("lamina")
                        .Doc("z = x == y")
                        .ForTypes<std::string_view, int64_t, int32_t, uint64_t, uint32_t, float, double>()
                        .Inputs("x", "y")
                        .Outputs("z")
                        .Example("x=string[3]{\"a\",\"b\",\"\"} y=string[1]{\"b\"} -> z=bool[3]{0,1,0}"));

}  // namespace
}  // namespace lamina::layers
