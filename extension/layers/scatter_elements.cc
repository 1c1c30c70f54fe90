#include <lamina/layer.h>

#include "extension/layers/index_walk.h"
#include "extension/layers/scattering.h"

namespace lamina::layers {
namespace {

/// y = x, but y[i..., with place `axis` replaced by indices[i...]] is updates[i...], or reduced with it.
///
/// Inputs: x, of any type; indices, i64 or i32, of x's rank, negative ones count from the end; updates, of x's type and
/// the indices' shape.
/// Attributes: axis (default 0); reduction none (default), add, mul, max or min, for f32, f64 and integers, which wrap
/// around. Outputs: y, of x's type and shape. Of several updates of one place the last counts without reduction.
/// Errors: shapes and ranks that don't fit, an axis that is not there, an index outside of it.
/// Source: ai.onnx ScatterElements, 11, 13, 16 and 18; in domain `lamina` for 64-bit values.
/// Accuracy: to the bit.
struct ScatterElements {
  int64_t axis = 0;
  std::string reduction = "none";

  void Prepare(const Node&) { reduction_ = ReductionNamed(reduction, kName); }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), indices = inference.In(1), updates = inference.In(2);
    CheckReduction(reduction_, x.type(), kName);
    CheckUpdates(x, updates, kName);
    if (x.rank() >= 0) {
      const int at = AxisOf(axis, x.rank(), kName);
      for (const lamina::Input& other : {indices, updates}) {
        Require(other.rank() < 0 || other.rank() == x.rank(), kName, ": x has ", x.rank(),
                " dimensions, indices or updates ", other.rank());
        for (int i = 0; i < other.rank(); ++i) {
          const int64_t expected = indices.rank() < 0 ? -1 : indices.dim(i);
          Require(other.dim(i) < 0 || expected < 0 || other.dim(i) == expected, kName,
                  ": indices and updates differ in dimension ", i, ": ", expected, " and ", other.dim(i));
          Require(i == at || x.dim(i) < 0 || other.dim(i) <= x.dim(i), kName, ": there are ", other.dim(i),
                  " updates in dimension ", i, ", x has ", x.dim(i));
        }
      }
    }
    inference.SetOutputLike(0, x.type(), x);
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0), updates = call.In(2);
    const int at = AxisOf(axis, x.rank(), kName);
    const int64_t dim = x.dim(at);
    const std::vector<int64_t> indices = IntsIn(call.In(1));
    std::vector<int64_t> strides = StridesOf(x.dims());
    const int64_t along = strides[at];
    strides[at] = 0;
    Scatter(reduction_, call, [&](const auto& put) {
      IndexWalk walk({updates.dims().begin(), updates.dims().end()}, strides);
      for (size_t i = 0; i < indices.size(); ++i, walk.Next()) {
        const int64_t index = indices[i] < 0 ? indices[i] + dim : indices[i];
        Require(index >= 0 && index < dim, kName, ": an index is ", indices[i], ", the dimension is ", dim);
        put(i, walk.place() + static_cast<size_t>(index * along));
      }
    });
  }

 private:
  static constexpr const char* kName = "ScatterElements";
  Reduction reduction_ = Reduction::kNone;
};

LAMINA_LAYER(ScatterElements, .Onnx("lamina")
                                  .Doc("y = x with some elements updated along an axis")
                                  .Input("x", kMovable)
                                  .Input("indices", Types<int64_t, int32_t>)
                                  .Input("updates", kMovable)
                                  .Output("y", kMovable)
                                  .Attribute<&ScatterElements::axis>("axis")
                                  .Attribute<&ScatterElements::reduction>("reduction")
                                  .Example("axis=1 x=i64[2,2]{0,0,0,0} indices=i64[2,1]{1,-2} updates=i64[2,1]{5,6} "
                                           "-> y=i64[2,2]{0,5,6,0}")
                                  .Example("reduction=\"add\" x=f32[2]{1,2} indices=i64[2]{1,1} updates=f32[2]{3,4} "
                                           "-> y=f32[2]{1,9}"));

}  // namespace
}  // namespace lamina::layers
