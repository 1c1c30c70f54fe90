#include <lamina/layer.h>

#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// The slices of x along an axis for which the condition holds; without an axis, of x as one dimension.
///
/// Inputs: x, of any type; condition, bool [at most the dimension]; places behind its end don't hold.
/// Attributes: axis, optional.
/// Outputs: y, of x's type.
/// Errors: an axis that is not there, a condition that is not one-dimensional or longer than the dimension.
/// Source: ai.onnx Compress, 9 and 11; in domain `lamina` for 64-bit values.
/// Accuracy: to the bit.
struct Compress {
  int64_t axis = 0;

  void Prepare(const Node& node) { has_axis_ = node.Find("axis") != nullptr; }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), condition = inference.In(1);
    Require(condition.rank() < 0 || condition.rank() == 1, "Compress: the condition has ", condition.rank(),
            " dimensions, expected 1");
    if (!has_axis_) return inference.SetOutput(0, x.type(), {-1});
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, x.type());
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    dims[AxisOf(axis, x.rank(), "Compress")] = -1;
    inference.SetOutput(0, x.type(), dims);
  }

  void Compute(const Call& call) const {
    const lamina::Input in = call.In(0);
    const auto condition = call.In(1).As<bool>();
    const int at = has_axis_ ? AxisOf(axis, in.rank(), "Compress") : 0;
    const int64_t dim = has_axis_ ? in.dim(at) : static_cast<int64_t>(in.size());
    Require(static_cast<int64_t>(condition.size()) <= dim, "Compress: the condition has ", condition.size(),
            " values, the dimension is ", dim);
    std::vector<int64_t> kept;
    for (size_t i = 0; i < condition.size(); ++i) {
      if (condition[i]) kept.push_back(static_cast<int64_t>(i));
    }
    std::vector<int64_t> dims = {static_cast<int64_t>(kept.size())};
    if (has_axis_) {
      dims.assign(in.dims().begin(), in.dims().end());
      dims[at] = static_cast<int64_t>(kept.size());
    }
    const lamina::Output out = call.Out(0);
    out.Resize(dims);
    if (out.size() == 0) return;
    const int64_t before = has_axis_ ? Product(in.dims(), 0, at) : 1;
    const int64_t behind = has_axis_ ? Product(in.dims(), at + 1, in.dims().size()) : 1;
    WithElements(in.type(), [&]<class T>() {
      const auto x = in.As<T>();
      const Out<T> y(call.abi(), 0);
      size_t to = 0;
      for (int64_t a = 0; a < before; ++a) {
        for (const int64_t k : kept) {
          for (int64_t b = 0; b < behind; ++b) Move(x, static_cast<size_t>((a * dim + k) * behind + b), y, to++);
        }
      }
    });
  }

 private:
  bool has_axis_ = false;
};

LAMINA_LAYER(Compress, .Onnx("lamina")
                           .Doc("the slices of x for which the condition holds")
                           .Input("x", kMovable)
                           .Input("condition", Types<bool>)
                           .Output("y", kMovable)
                           .Attribute<&Compress::axis>("axis")
                           .Example("axis=1 x=i64[2,3]{1,2,3,4,5,6} condition=bool[2]{0,1} -> y=i64[2,1]{2,5}")
                           .Example("x=i64[2,3]{1,2,3,4,5,6} condition=bool[5]{0,1,0,0,1} -> y=i64[2]{2,5}"));

}  // namespace
}  // namespace lamina::layers
