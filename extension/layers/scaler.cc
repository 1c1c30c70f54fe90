#include <lamina/layer.h>

#include "extension/layers/rows.h"
#include "extension/simd/elementwise.h"

namespace lamina::layers {
namespace {

/// Moves and stretches features: y = (x - offset) * scale.
///
/// Inputs: x [..., C], f32, f64, i64 or i32.
/// Attributes: offset, scale: one value, or C; without them 0 and 1.
/// Outputs: y, f32, of x's shape.
/// Errors: a number of offsets or scales that is neither 1 nor C.
/// Source: ai.onnx.ml Scaler, 1.
/// Accuracy: to the bit; f64 is subtracted and multiplied in f64, integers in f32.
struct Scaler {
  std::vector<float> offset, scale;

  void Prepare(const Node&) {
    if (offset.empty()) offset = {0};
    if (scale.empty()) scale = {1};
    features_ = std::max(offset.size(), scale.size());
    Require(offset.size() == scale.size() || offset.size() == 1 || scale.size() == 1, "Scaler: there are ",
            offset.size(), " offsets and ", scale.size(),
            " scales, expected as many of the one as of the other, or one");
    offset.resize(features_, offset[0]);
    scale.resize(features_, scale[0]);
    offset = simd::Repeat(offset);
    scale = simd::Repeat(scale);
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    if (x.rank() >= 0) {
      Require(x.rank() > 0, "Scaler: the input is a single number, expected one dimension or more");
      Require(features_ == 1 || x.dim(-1) < 0 || static_cast<size_t>(x.dim(-1)) == features_, "Scaler: the input has ",
              x.dim(-1), " features, offset and scale are for ", features_);
    }
    inference.SetOutputLike(0, LAMINA_F32, x);
  }

  template <class T>
  void Compute(In<T> x, Out<float> y, const Call& call) const {
    const size_t length = offset.size();
    call.ParallelFor((x.size() + length - 1) / length, Grain(length), [&](size_t begin, size_t end) {
      const size_t first = begin * length, n = std::min(x.size(), end * length) - first;
      if constexpr (std::is_same_v<T, float>) {
        simd::Scale(x.data() + first, offset.data(), scale.data(), length, y.data() + first, n);
      } else {
        using Wide = std::conditional_t<std::is_same_v<T, double>, double, float>;
        for (size_t i = 0; i < n; ++i) {
          const size_t j = i % length;
          y[first + i] = static_cast<float>((static_cast<Wide>(x[first + i]) - offset[j]) * scale[j]);
        }
      }
    });
  }

 private:
  size_t features_ = 1;
};

LAMINA_LAYER(Scaler, .Onnx("ai.onnx.ml")
                         .Doc("y = (x - offset) * scale")
                         .Attribute<&Scaler::offset>("offset")
                         .Attribute<&Scaler::scale>("scale")
                         .ForTypes<float, double, int64_t, int32_t>()
                         .RowWise()
                         .Example("offset=[1.0,2.0] scale=[2.0,0.5] x=f32[2,2]{1,2,3,4} -> y=f32[2,2]{0,0,4,1}"));

}  // namespace
}  // namespace lamina::layers
