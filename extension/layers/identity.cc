#include <lamina/layer.h>

#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// y = x.
///
/// Inputs: x, of any type and shape.
/// Outputs: y, a copy.
/// Source: ai.onnx Identity; in domain `lamina` where the engine damages strings that pass through untouched.
/// Accuracy: to the bit.
struct Identity {
  void Infer(const Inference& inference) const { inference.SetOutputLike(0, inference.In(0).type(), inference.In(0)); }

  void Compute(const Call& call) const {
    WithElements(call.In(0).type(), [&]<class T>() {
      const auto x = call.In(0).As<T>();
      const Out<T> y(call.abi(), 0);
      for (size_t i = 0; i < x.size(); ++i) Move(x, i, y, i);
    });
  }
};

LAMINA_LAYER(Identity, .Onnx("lamina")
                           .Doc("y = x")
                           .Input("x", kMovable)
                           .Output("y", kMovable)
                           .Example("x=string[2]{\"a\",\"\"} -> y=string[2]{\"a\",\"\"}"));

}  // namespace
}  // namespace lamina::layers
