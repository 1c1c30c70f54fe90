#include <lamina/layer.h>

#include "extension/layers/broadcast.h"
#include "extension/layers/index_walk.h"

namespace lamina::layers {
namespace {

/// z = x and y one behind the other, element by element.
///
/// Inputs: x, y, string, of shapes that broadcast.
/// Outputs: z, string, of the broadcast shape.
/// Errors: shapes that don't fit.
/// Source: ai.onnx StringConcat, 20.
/// Accuracy: to the bit.
struct StringConcat {
  void Infer(const Inference& inference) const { InferBroadcast(inference, 2, LAMINA_STRING, "StringConcat"); }

  void Compute(In<std::string_view> x, In<std::string_view> y, Out<std::string_view> z) const {
    IndexWalk of_x = BroadcastWalk(x.dims(), z.dims()), of_y = BroadcastWalk(y.dims(), z.dims());
    std::string joined;
    for (size_t i = 0; i < z.size(); ++i, of_x.Next(), of_y.Next()) {
      joined.assign(x[of_x.place()]).append(y[of_y.place()]);
      z.Set(i, joined);
    }
  }
};

LAMINA_LAYER(StringConcat, .Onnx("")
                               .Doc("z = x and y one behind the other")
                               .Inputs("x", "y")
                               .Outputs("z")
                               .Example("x=string[2]{\"a\",\"b\"} y=string[1]{\"!\"} -> z=string[2]{\"a!\",\"b!\"}"));

}  // namespace
}  // namespace lamina::layers
