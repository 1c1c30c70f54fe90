#include <lamina/layer.h>

#include "extension/layers/index_walk.h"
#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// y[i...] = x[i..., with place `axis` replaced by indices[i...]].
///
/// Inputs: x, of any type; indices, i64 or i32, of x's rank; negative ones count from the end.
/// Attributes: axis (default 0).
/// Outputs: y, of x's type and the indices' shape.
/// Errors: ranks that differ, an axis that is not there, an index outside of it, more indices than x has elements in
/// another dimension.
/// Source: ai.onnx GatherElements, 11 and 13; in domain `lamina` for 64-bit values.
/// Accuracy: to the bit.
struct GatherElements {
  int64_t axis = 0;

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), indices = inference.In(1);
    if (x.rank() >= 0 && indices.rank() >= 0) {
      Require(x.rank() == indices.rank(), "GatherElements: x has ", x.rank(), " dimensions and indices ",
              indices.rank());
      const int at = AxisOf(axis, x.rank(), "GatherElements");
      for (int i = 0; i < x.rank(); ++i) {
        Require(i == at || x.dim(i) < 0 || indices.dim(i) <= x.dim(i), "GatherElements: indices has ", indices.dim(i),
                " in dimension ", i, ", x has ", x.dim(i));
      }
    }
    inference.SetOutputLike(0, x.type(), indices);
  }

  void Compute(const Call& call) const {
    const lamina::Input in = call.In(0), where = call.In(1);
    const int at = AxisOf(axis, in.rank(), "GatherElements");
    const int64_t dim = in.dim(at);
    const std::vector<int64_t> indices = IntsIn(where);
    std::vector<int64_t> strides = StridesOf(in.dims());
    const int64_t along = strides[at];
    strides[at] = 0;
    WithElements(in.type(), [&]<class T>() {
      const auto x = in.As<T>();
      const Out<T> y(call.abi(), 0);
      IndexWalk walk({where.dims().begin(), where.dims().end()}, strides);
      for (size_t i = 0; i < indices.size(); ++i, walk.Next()) {
        const int64_t index = indices[i] < 0 ? indices[i] + dim : indices[i];
        Require(index >= 0 && index < dim, "GatherElements: an index is ", indices[i], ", the dimension is ", dim);
        Move(x, walk.place() + static_cast<size_t>(index * along), y, i);
      }
    });
  }
};

LAMINA_LAYER(GatherElements, .Onnx("lamina")
                                 .Doc("elements of x along an axis")
                                 .Input("x", kMovable)
                                 .Input("indices", Types<int64_t, int32_t>)
                                 .Output("y", kMovable)
                                 .Attribute<&GatherElements::axis>("axis")
                                 .Example("axis=1 x=i64[2,2]{1,2,3,1099511627783} indices=i64[2,2]{0,0,1,-2} "
                                          "-> y=i64[2,2]{1,1,1099511627783,3}"));

}  // namespace
}  // namespace lamina::layers
