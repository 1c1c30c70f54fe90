#include <lamina/layer.h>

#include "extension/layers/broadcast.h"
#include "extension/layers/index_walk.h"
#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// y = x, broadcast with a shape: the shape that both fit.
///
/// Inputs: x, of any type; shape, i64 or i32 [R].
/// Outputs: y, of x's type.
/// Errors: shapes that don't fit.
/// Source: ai.onnx Expand; in domain `lamina` for strings and 64-bit values.
/// Accuracy: to the bit.
struct Expand {
  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), shape = inference.In(1);
    const auto known = KnownInts(shape);
    if (x.rank() >= 0 && known) return inference.SetOutput(0, x.type(), BroadcastShape(x.dims(), *known, "Expand"));
    if (x.rank() < 0 || shape.rank() != 1 || shape.dim(0) < 0) return inference.SetOutputOfAnyShape(0, x.type());
    inference.SetOutput(0, x.type(),
                        std::vector<int64_t>(static_cast<size_t>(std::max<int64_t>(x.rank(), shape.dim(0))), -1));
  }

  void Compute(const Call& call) const {
    const std::vector<int64_t> shape = BroadcastShape(call.In(0).dims(), IntsIn(call.In(1)), "Expand");
    const lamina::Output out = call.Out(0);
    out.Resize(shape);
    WithElements(call.In(0).type(), [&]<class T>() {
      const auto x = call.In(0).As<T>();
      const Out<T> y(call.abi(), 0);
      IndexWalk walk = BroadcastWalk(x.dims(), shape);
      for (size_t i = 0; i < walk.size(); ++i, walk.Next()) Move(x, walk.place(), y, i);
    });
  }
};

LAMINA_LAYER(Expand,
             .Onnx("lamina")
                 .Doc("y = x, broadcast with a shape")
                 .Input("x", kMovable)
                 .Input("shape", Types<int64_t, int32_t>)
                 .Output("y", kMovable)
                 .Example("x=string[2,1]{\"a\",\"b\"} shape=i64[1]{2} -> y=string[2,2]{\"a\",\"a\",\"b\",\"b\"}"));

}  // namespace
}  // namespace lamina::layers
