#include <lamina/layer.h>

#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// Puts tensors one behind the other along an axis.
///
/// Inputs: x..., all of one type, which may be any, and of one shape but for the axis.
/// Attributes: axis (default 1, as in version 1; later versions always have it).
/// Outputs: y, of their type.
/// Errors: other dimensions that differ, ranks that differ, an axis that is not there.
/// Source: ai.onnx Concat; in domain `lamina` for 64-bit values.
/// Accuracy: to the bit.
struct Concat {
  int64_t axis = 1;

  void Prepare(const Node& node) { Require(node.input_count() > 0, "Concat: there are no inputs"); }

  void Infer(const Inference& inference) const {
    const int32_t type = inference.In(0).type();
    std::vector<int64_t> dims;
    for (size_t i = 0; i < inference.input_count(); ++i) {
      const lamina::Input x = inference.In(i);
      Require(x.type() == type || x.type() == LAMINA_DYNAMIC || type == LAMINA_DYNAMIC, "Concat: input ", i, " is ",
              TypeName(x.type()), ", the first is ", TypeName(type));
      if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, type);
      i == 0 ? dims.assign(x.dims().begin(), x.dims().end()) : Add(x, i, dims);
    }
    AxisOf(axis, static_cast<int>(dims.size()), "Concat");
    inference.SetOutput(0, type, dims);
  }

  void Compute(const Call& call) const {
    const lamina::Output out = call.Out(0);
    if (out.size() == 0) return;
    const int at = AxisOf(axis, call.In(0).rank(), "Concat");
    const int64_t rows = Product(out.dims(), 0, at), width = Product(out.dims(), at, out.dims().size());
    int64_t offset = 0;
    for (size_t k = 0; k < call.input_count(); ++k) {
      const lamina::Input in = call.In(k);
      const int64_t own = Product(in.dims(), at, in.dims().size());
      WithElements(in.type(), [&]<class T>() {
        const auto x = in.As<T>();
        const Out<T> y(call.abi(), 0);
        for (int64_t r = 0; r < rows; ++r) {
          for (int64_t i = 0; i < own; ++i)
            Move(x, static_cast<size_t>(r * own + i), y, static_cast<size_t>(r * width + offset + i));
        }
      });
      offset += own;
    }
  }

 private:
  void Add(const lamina::Input& x, size_t input, std::vector<int64_t>& dims) const {
    Require(x.dims().size() == dims.size(), "Concat: input ", input, " has ", x.rank(), " dimensions, the first ",
            dims.size());
    const auto at = static_cast<size_t>(AxisOf(axis, x.rank(), "Concat"));
    for (size_t i = 0; i < dims.size(); ++i) {
      const int64_t dim = x.dims()[i];
      if (i == at) {
        dims[i] = dims[i] < 0 || dim < 0 ? -1 : CheckedSum(dims[i], dim, "Concat");
      } else {
        Require(dims[i] == dim || dims[i] < 0 || dim < 0, "Concat: input ", input, " has ", dim, " in dimension ", i,
                ", others have ", dims[i]);
        dims[i] = std::max(dims[i], dim);
      }
    }
  }
};

LAMINA_LAYER(Concat, .Onnx("lamina")
                         .Doc("tensors one behind the other along an axis")
                         .VariadicInput("x", kMovable)
                         .Output("y", kMovable)
                         .Attribute<&Concat::axis>("axis")
                         .Example("axis=0 x=i64[2]{1,1099511627783} -> y=i64[2]{1,1099511627783}"));

}  // namespace
}  // namespace lamina::layers
