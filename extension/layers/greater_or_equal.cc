#include <lamina/layer.h>

#include <functional>

#include "extension/layers/elementwise_pairs.h"

namespace lamina::layers {
namespace {

/// z = x >= y, element by element.
///
/// Inputs: x, y: both f32, f64, i64, i32, u64 or u32, of shapes that broadcast.
/// Outputs: z, bool, of the broadcast shape. A NaN is neither less nor greater than anything.
/// Errors: shapes that don't fit.
/// Source: ai.onnx GreaterOrEqual, 12 and 16; in domain `lamina` for integers, which the engine compares as f32, and
/// for f64.
/// Accuracy: to the bit.
struct GreaterOrEqual {
  void Infer(const Inference& inference) const { InferBroadcast(inference, 2, LAMINA_BOOL, "GreaterOrEqual"); }

  template <class T>
  void Compute(In<T> x, In<T> y, Out<bool> z, const Call& call) const {
    ForEachPair(x, y, z, call, std::greater_equal<T>());
  }
};

LAMINA_LAYER(GreaterOrEqual,
             .Onnx("lamina")
                 .Doc("z = x >= y")
                 .ForTypes<int64_t, int32_t, uint64_t, uint32_t, float, double>()
                 .Inputs("x", "y")
                 .Outputs("z")
                 .Example("x=i64[3]{16777216,16777217,16777218} y=i64[1]{16777217} -> z=bool[3]{0,1,1}"));

}  // namespace
}  // namespace lamina::layers
