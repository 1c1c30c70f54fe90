#include <lamina/layer.h>

#include "extension/layers/index_walk.h"
#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// y[b..., i..., r...] = x[b..., indices[b..., i..., :], r...]: parts of x, each at the place that a vector names.
///
/// Inputs: x, of any type; indices, i64 or i32 [..., K], K at most x's rank less batch_dims; negative ones count from
/// the end.
/// Attributes: batch_dims (default 0): leading dimensions that both have.
/// Outputs: y, of x's type: the indices' shape without K, then x's dimensions behind the ones that are named.
/// Errors: a K that is too large or not known, an index outside of x, batch dimensions that differ.
/// Source: ai.onnx GatherND, 11, 12 and 13; in domain `lamina` for 64-bit values.
/// Accuracy: to the bit.
struct GatherND {
  int64_t batch_dims = 0;

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), indices = inference.In(1);
    Require(indices.rank() != 0, "GatherND: indices is a single number, expected one dimension or more");
    if (x.rank() < 0 || indices.rank() < 0 || indices.dim(-1) < 0) {
      return inference.SetOutputOfAnyShape(0, x.type());
    }
    const int64_t depth = indices.dim(-1);
    Require(batch_dims >= 0 && batch_dims < indices.rank() && batch_dims + depth <= x.rank(), "GatherND: vectors of ",
            depth, " indices behind ", batch_dims, " batch dimensions, x has ", x.rank(), " dimensions");
    for (int i = 0; i < batch_dims; ++i) {
      Require(x.dim(i) == indices.dim(i) || x.dim(i) < 0 || indices.dim(i) < 0, "GatherND: batch dimension ", i, " is ",
              x.dim(i), " in x and ", indices.dim(i), " in indices");
    }
    std::vector<int64_t> dims(indices.dims().begin(), indices.dims().end() - 1);
    dims.insert(dims.end(), x.dims().begin() + batch_dims + depth, x.dims().end());
    inference.SetOutput(0, x.type(), dims);
  }

  void Compute(const Call& call) const {
    const lamina::Input in = call.In(0), where = call.In(1);
    if (call.Out(0).size() == 0) return;
    const std::vector<int64_t> indices = IntsIn(where), strides = StridesOf(in.dims());
    const auto depth = static_cast<size_t>(where.dim(-1)), batch = static_cast<size_t>(batch_dims);
    const int64_t part = Product(in.dims(), batch + depth, in.dims().size());
    const int64_t vectors = Product(where.dims(), 0, where.dims().size() - 1);
    const int64_t per_batch = std::max<int64_t>(1, Product(where.dims(), batch, where.dims().size() - 1));
    const int64_t of_batch = Product(in.dims(), batch, in.dims().size());
    WithElements(in.type(), [&]<class T>() {
      const auto x = in.As<T>();
      const Out<T> y(call.abi(), 0);
      for (int64_t v = 0; v < vectors; ++v) {
        int64_t from = v / per_batch * of_batch;
        for (size_t k = 0; k < depth; ++k) {
          const int64_t dim = in.dims()[batch + k], given = indices[static_cast<size_t>(v) * depth + k];
          Require(given >= -dim && given < dim, "GatherND: an index is ", given, ", the dimension is ", dim);
          from += (given < 0 ? given + dim : given) * strides[batch + k];
        }
        for (int64_t i = 0; i < part; ++i) Move(x, static_cast<size_t>(from + i), y, static_cast<size_t>(v * part + i));
      }
    });
  }
};

LAMINA_LAYER(GatherND,
             .Onnx("lamina")
                 .Doc("parts of x, each at the place that a vector names")
                 .Input("x", kMovable)
                 .Input("indices", Types<int64_t, int32_t>)
                 .Output("y", kMovable)
                 .Attribute<&GatherND::batch_dims>("batch_dims")
                 .Example("x=i64[2,2]{1,2,3,1099511627783} indices=i64[2,2]{0,1,-1,-1} -> y=i64[2]{2,1099511627783}")
                 .Example("batch_dims=1 x=i64[2,2]{1,2,3,4} indices=i64[2,1]{1,0} -> y=i64[2]{2,3}"));

}  // namespace
}  // namespace lamina::layers
