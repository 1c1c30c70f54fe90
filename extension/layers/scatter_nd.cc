#include <lamina/layer.h>

#include "extension/layers/index_walk.h"
#include "extension/layers/scattering.h"

namespace lamina::layers {
namespace {

/// y = x, but the part of y at each vector of indices is a part of updates, or reduced with it.
///
/// Inputs: x, of any type; indices, i64 or i32 [..., K], K at most x's rank, negative ones count from the end; updates,
/// of x's type: the indices' shape without K, then x's dimensions from K on.
/// Attributes: reduction none (default), add, mul, max or min, for f32, f64 and integers, which wrap around.
/// Outputs: y, of x's type and shape.
/// Errors: shapes that don't fit, an index outside of x.
/// Source: ai.onnx ScatterND, 11, 13, 16 and 18; in domain `lamina` for 64-bit values.
/// Accuracy: to the bit.
struct ScatterND {
  std::string reduction = "none";

  void Prepare(const Node&) { reduction_ = ReductionNamed(reduction, kName); }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), indices = inference.In(1), updates = inference.In(2);
    CheckReduction(reduction_, x.type(), kName);
    CheckUpdates(x, updates, kName);
    Require(indices.rank() != 0, kName, ": indices is a single number, expected one dimension or more");
    if (x.rank() >= 0 && indices.rank() > 0 && indices.dim(-1) >= 0) {
      const int64_t depth = indices.dim(-1);
      Require(depth <= x.rank(), kName, ": vectors of ", depth, " indices, x has ", x.rank(), " dimensions");
      std::vector<int64_t> dims(indices.dims().begin(), indices.dims().end() - 1);
      dims.insert(dims.end(), x.dims().begin() + depth, x.dims().end());
      Require(updates.rank() < 0 || updates.dims().size() == dims.size(), kName, ": updates has ", updates.rank(),
              " dimensions, expected ", dims.size());
      for (int i = 0; i < updates.rank(); ++i) {
        Require(dims[i] < 0 || updates.dim(i) < 0 || dims[i] == updates.dim(i), kName, ": updates has ", updates.dim(i),
                " in dimension ", i, ", expected ", dims[i]);
      }
    }
    inference.SetOutputLike(0, x.type(), x);
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0), where = call.In(1);
    const std::vector<int64_t> indices = IntsIn(where), strides = StridesOf(x.dims());
    const auto depth = static_cast<size_t>(where.dim(-1));
    Scatter(reduction_, call, [&](const auto& put) {
      const int64_t part = Product(x.dims(), depth, x.dims().size());
      const int64_t vectors = Product(where.dims(), 0, where.dims().size() - 1);
      for (int64_t v = 0; v < vectors; ++v) {
        int64_t to = 0;
        for (size_t k = 0; k < depth; ++k) {
          const int64_t dim = x.dims()[k], given = indices[static_cast<size_t>(v) * depth + k];
          Require(given >= -dim && given < dim, kName, ": an index is ", given, ", the dimension is ", dim);
          to += (given < 0 ? given + dim : given) * strides[k];
        }
        for (int64_t i = 0; i < part; ++i) put(static_cast<size_t>(v * part + i), static_cast<size_t>(to + i));
      }
    });
  }

 private:
  static constexpr const char* kName = "ScatterND";
  Reduction reduction_ = Reduction::kNone;
};

LAMINA_LAYER(ScatterND, .Onnx("lamina")
                            .Doc("y = x with parts updated, each at the place that a vector names")
                            .Input("x", kMovable)
                            .Input("indices", Types<int64_t, int32_t>)
                            .Input("updates", kMovable)
                            .Output("y", kMovable)
                            .Attribute<&ScatterND::reduction>("reduction")
                            .Example("x=i64[2,2]{1,2,3,4} indices=i64[1,1]{-1} updates=i64[1,2]{1099511627783,0} "
                                     "-> y=i64[2,2]{1,2,1099511627783,0}"));

}  // namespace
}  // namespace lamina::layers
