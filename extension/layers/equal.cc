#include <lamina/layer.h>

#include "extension/layers/broadcast.h"
#include "extension/layers/index_walk.h"

namespace lamina::layers {
namespace {

/// z = x == y, element by element.
///
/// Inputs: x, y: both string, i64, i32, f32 or f64, of shapes that broadcast.
/// Outputs: z, bool, of the broadcast shape. A NaN equals nothing.
/// Errors: shapes that don't fit.
/// Source: ai.onnx Equal; in domain `lamina` for what the engine compares wrongly: strings.
/// Accuracy: to the bit.
struct Equal {
  void Infer(const Inference& inference) const { InferBroadcast(inference, 2, LAMINA_BOOL, "Equal"); }

  template <class T>
  void Compute(In<T> x, In<T> y, Out<bool> z) const {
    IndexWalk of_x = BroadcastWalk(x.dims(), z.dims()), of_y = BroadcastWalk(y.dims(), z.dims());
    for (size_t i = 0; i < z.size(); ++i, of_x.Next(), of_y.Next()) z[i] = x[of_x.place()] == y[of_y.place()];
  }
};

LAMINA_LAYER(Equal, .Onnx("lamina")
                        .Doc("z = x == y")
                        .ForTypes<std::string_view, int64_t, int32_t, float, double>()
                        .Inputs("x", "y")
                        .Outputs("z")
                        .Example("x=string[3]{\"a\",\"b\",\"\"} y=string[1]{\"b\"} -> z=bool[3]{0,1,0}"));

}  // namespace
}  // namespace lamina::layers
