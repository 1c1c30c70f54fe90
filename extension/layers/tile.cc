#include <lamina/layer.h>

#include "extension/layers/index_walk.h"
#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// y = x, repeats[i] times one behind the other along each dimension i.
///
/// Inputs: x, of any type; repeats, i64 or i32, one for each dimension.
/// Outputs: y, of x's type.
/// Errors: another number of repeats, a negative one.
/// Source: ai.onnx Tile, 6; in domain `lamina` for strings, 64-bit values and repeats known only at run time.
/// Accuracy: to the bit.
struct Tile {
  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, x.type());
    const auto repeats = KnownInts(inference.In(1));
    inference.SetOutput(0, x.type(), repeats ? Shape(x, *repeats) : std::vector<int64_t>(x.dims().size(), -1));
  }

  void Compute(const Call& call) const {
    const lamina::Input in = call.In(0);
    const std::vector<int64_t> repeats = IntsIn(call.In(1));
    const lamina::Output out = call.Out(0);
    out.Resize(Shape(in, repeats));
    // Each dimension becomes two: which copy, where the tensor does not move, and where in it.
    std::vector<int64_t> dims, strides;
    const std::vector<int64_t> own = StridesOf(in.dims());
    for (size_t i = 0; i < repeats.size(); ++i) {
      dims.insert(dims.end(), {repeats[i], in.dims()[i]});
      strides.insert(strides.end(), {0, own[i]});
    }
    WithElements(in.type(), [&]<class T>() {
      const auto x = in.As<T>();
      const Out<T> y(call.abi(), 0);
      IndexWalk walk(dims, strides);
      for (size_t i = 0; i < walk.size(); ++i, walk.Next()) Move(x, walk.place(), y, i);
    });
  }

 private:
  static std::vector<int64_t> Shape(const lamina::Input& x, const std::vector<int64_t>& repeats) {
    Require(repeats.size() == x.dims().size(), "Tile: there are ", repeats.size(), " repeats for ", x.rank(),
            " dimensions, expected one for each");
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    for (size_t i = 0; i < dims.size(); ++i) {
      Require(repeats[i] >= 0, "Tile: repeats has ", repeats[i], ", expected 0 or more");
      if (dims[i] >= 0) dims[i] = CheckedProduct(dims[i], repeats[i], "Tile");
    }
    return dims;
  }
};

LAMINA_LAYER(Tile, .Onnx("lamina")
                       .Doc("y = x, repeated along each dimension")
                       .Input("x", kMovable)
                       .Input("repeats", Types<int64_t, int32_t>)
                       .Output("y", kMovable)
                       .Example("x=i64[1,2]{1,1099511627783} repeats=i64[2]{2,1} "
                                "-> y=i64[2,2]{1,1099511627783,1,1099511627783}"));

}  // namespace
}  // namespace lamina::layers
