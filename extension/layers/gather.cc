#include <lamina/layer.h>

#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// y[a..., i..., b...] = x[a..., indices[i...], b...]: slices of x along an axis.
///
/// Inputs: x, of any type; indices, i64 or i32, of any shape; negative ones count from the end.
/// Attributes: axis (default 0).
/// Outputs: y, of x's type.
/// Errors: an axis that is not there, an index outside of it.
/// Source: ai.onnx Gather, 1, 11 and 13; in domain `lamina` for 64-bit values.
/// Accuracy: to the bit.
struct Gather {
  int64_t axis = 0;

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), indices = inference.In(1);
    if (x.rank() < 0 || indices.rank() < 0) return inference.SetOutputOfAnyShape(0, x.type());
    const int at = AxisOf(axis, x.rank(), "Gather");
    std::vector<int64_t> dims(x.dims().begin(), x.dims().begin() + at);
    dims.insert(dims.end(), indices.dims().begin(), indices.dims().end());
    dims.insert(dims.end(), x.dims().begin() + at + 1, x.dims().end());
    inference.SetOutput(0, x.type(), dims);
  }

  void Compute(const Call& call) const {
    const lamina::Input in = call.In(0);
    const int at = AxisOf(axis, in.rank(), "Gather");
    const int64_t dim = in.dim(at);
    std::vector<int64_t> indices = IntsIn(call.In(1));
    for (int64_t& index : indices) {
      Require(index >= -dim && index < dim, "Gather: an index is ", index, ", the dimension is ", dim);
      if (index < 0) index += dim;
    }
    if (call.Out(0).size() == 0) return;
    const int64_t before = Product(in.dims(), 0, at), behind = Product(in.dims(), at + 1, in.dims().size());
    WithElements(in.type(), [&]<class T>() {
      const auto x = in.As<T>();
      const Out<T> y(call.abi(), 0);
      size_t to = 0;
      for (int64_t a = 0; a < before; ++a) {
        for (const int64_t index : indices) {
          for (int64_t b = 0; b < behind; ++b) Move(x, static_cast<size_t>((a * dim + index) * behind + b), y, to++);
        }
      }
    });
  }
};

LAMINA_LAYER(Gather, .Onnx("lamina")
                         .Doc("slices of x along an axis")
                         .Input("x", kMovable)
                         .Input("indices", Types<int64_t, int32_t>)
                         .Output("y", kMovable)
                         .Attribute<&Gather::axis>("axis")
                         .Example("axis=1 x=i64[2,2]{1,2,3,1099511627783} indices=i64[3]{1,0,-1} "
                                  "-> y=i64[2,3]{2,1,2,1099511627783,3,1099511627783}"));

}  // namespace
}  // namespace lamina::layers
