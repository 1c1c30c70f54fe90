#include <lamina/layer.h>

#include "extension/layers/broadcast.h"
#include "extension/layers/index_walk.h"
#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// z = condition ? x : y, element by element.
///
/// Inputs: condition, bool; x, y, both of one type; shapes that broadcast.
/// Outputs: z, of x's type and the broadcast shape.
/// Errors: shapes that don't fit, x and y of different types.
/// Source: ai.onnx Where; in domain `lamina` for strings and 64-bit values.
/// Accuracy: to the bit.
struct Where {
  void Infer(const Inference& inference) const {
    const int32_t x = inference.In(1).type(), y = inference.In(2).type();
    Require(x == y || x == LAMINA_DYNAMIC || y == LAMINA_DYNAMIC, "Where: x is ", TypeName(x), " and y ", TypeName(y),
            ", expected one type");
    InferBroadcast(inference, 3, x == LAMINA_DYNAMIC ? y : x, "Where");
  }

  void Compute(const Call& call) const {
    WithElements(call.In(1).type(), [&]<class T>() {
      const auto condition = call.In(0).As<bool>();
      const auto x = call.In(1).As<T>(), y = call.In(2).As<T>();
      const Out<T> z(call.abi(), 0);
      IndexWalk of_c = BroadcastWalk(condition.dims(), z.dims()), of_x = BroadcastWalk(x.dims(), z.dims()),
                of_y = BroadcastWalk(y.dims(), z.dims());
      for (size_t i = 0; i < z.size(); ++i, of_c.Next(), of_x.Next(), of_y.Next()) {
        condition[of_c.place()] ? Move(x, of_x.place(), z, i) : Move(y, of_y.place(), z, i);
      }
    });
  }
};

LAMINA_LAYER(Where, .Onnx("lamina")
                        .Doc("z = condition ? x : y")
                        .Input("condition", Types<bool>)
                        .Input("x", kMovable)
                        .Input("y", kMovable)
                        .Output("z", kMovable)
                        .Example("condition=bool[2]{1,0} x=string[2]{\"a\",\"b\"} y=string[1]{\"-\"} "
                                 "-> z=string[2]{\"a\",\"-\"}"));

}  // namespace
}  // namespace lamina::layers
