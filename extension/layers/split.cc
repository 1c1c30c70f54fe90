#include <lamina/layer.h>

#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// Cuts a tensor along an axis.
///
/// Inputs: x, of any type; split, optional, i64 or i32: the length of each part.
/// Attributes: axis (default 0); split, in versions before 13; num_outputs. Without split the parts are equally long,
/// the last one shorter if they don't fit.
/// Outputs: y..., of x's type: the parts.
/// Errors: lengths that don't add up to the dimension, a number of them that is not that of the outputs.
/// Source: ai.onnx Split, 1, 2, 11, 13 and 18; in domain `lamina` for strings and 64-bit values.
/// Accuracy: to the bit.
struct Split {
  int64_t axis = 0, num_outputs = 0;
  std::vector<int64_t> split;

  void Prepare(const Node& node) { outputs_ = node.output_count(); }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    if (x.rank() < 0) {
      for (size_t i = 0; i < outputs_; ++i) inference.SetOutputOfAnyShape(i, x.type());
      return;
    }
    const int at = AxisOf(axis, x.rank(), "Split");
    const bool from_input = inference.In(1).present();
    const auto given = from_input ? KnownInts(inference.In(1)) : split;
    std::vector<int64_t> lengths(outputs_, -1);
    if (given && x.dim(at) >= 0) lengths = Lengths(*given, x.dim(at));
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    for (size_t i = 0; i < outputs_; ++i) {
      dims[at] = lengths[i];
      inference.SetOutput(i, x.type(), dims);
    }
  }

  void Compute(const Call& call) const {
    const lamina::Input in = call.In(0);
    const int at = AxisOf(axis, in.rank(), "Split");
    const std::vector<int64_t> lengths = Lengths(call.In(1).present() ? IntsIn(call.In(1)) : split, in.dim(at));
    const bool is_empty = in.size() == 0;
    const int64_t before = is_empty ? 0 : Product(in.dims(), 0, at);
    const int64_t behind = is_empty ? 0 : Product(in.dims(), at + 1, in.dims().size());
    const int64_t row = in.dim(at) * behind;
    std::vector<int64_t> dims(in.dims().begin(), in.dims().end());
    int64_t offset = 0;
    for (size_t k = 0; k < lengths.size(); ++k) {
      const int64_t length = lengths[k] * behind;
      const lamina::Output out = call.Out(k);
      if (out.present()) {
        dims[at] = lengths[k];
        out.Resize(dims);
        WithElements(in.type(), [&]<class T>() {
          const auto x = in.As<T>();
          const Out<T> y(call.abi(), k);
          for (int64_t r = 0; r < before; ++r) {
            for (int64_t i = 0; i < length; ++i)
              Move(x, static_cast<size_t>(r * row + offset + i), y, static_cast<size_t>(r * length + i));
          }
        });
      }
      offset += length;
    }
  }

 private:
  std::vector<int64_t> Lengths(std::vector<int64_t> given, int64_t dim) const {
    const auto parts = static_cast<int64_t>(outputs_);
    if (given.empty()) {
      const int64_t each = dim / parts + (dim % parts != 0);
      given.assign(outputs_, each);
      given.back() = dim - each * (parts - 1);
    }
    Require(given.size() == outputs_, "Split: there are ", given.size(), " lengths for ", outputs_, " outputs");
    int64_t sum = 0;
    for (const int64_t length : given) {
      Require(length >= 0, "Split: a part's length is ", length, ", expected 0 or more");
      sum = CheckedSum(sum, length, "Split");
    }
    Require(sum == dim, "Split: the parts' lengths add up to ", sum, ", the dimension is ", dim);
    return given;
  }

  size_t outputs_ = 1;
};

LAMINA_LAYER(Split, .Onnx("lamina")
                        .Doc("cuts a tensor along an axis")
                        .Input("x", kMovable)
                        .OptionalInput("split", Types<int64_t, int32_t>)
                        .Output("y", kMovable, LAMINA_PORT_VARIADIC)
                        .Attribute<&Split::axis>("axis")
                        .Attribute<&Split::split>("split")
                        .Attribute<&Split::num_outputs>("num_outputs")
                        .Example("axis=1 x=string[1,2]{\"a\",\"b\"} split=i64[1]{2} -> y=string[1,2]{\"a\",\"b\"}"));

}  // namespace
}  // namespace lamina::layers
