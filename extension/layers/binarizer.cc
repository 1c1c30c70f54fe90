#include <lamina/layer.h>

#include "extension/layers/rows.h"
#include "extension/simd/elementwise.h"

namespace lamina::layers {
namespace {

/// y = x > threshold ? 1 : 0.
///
/// Inputs: x, f32, f64, i64 or i32, of any shape.
/// Attributes: threshold (default 0).
/// Outputs: y, of x's type and shape. A NaN is not above the threshold: 0.
/// Source: ai.onnx.ml Binarizer, 1.
/// Accuracy: to the bit; integers are compared as integers.
struct Binarizer {
  float threshold = 0;

  template <class T>
  void Compute(In<T> x, Out<T> y, const Call& call) const {
    call.ParallelFor(x.size(), Grain(1), [&](size_t begin, size_t end) {
      if constexpr (std::is_same_v<T, float>) {
        simd::Binarize(x.data() + begin, threshold, y.data() + begin, end - begin);
      } else {
        using Wide = std::conditional_t<std::is_same_v<T, int64_t>, long double, double>;
        for (size_t i = begin; i < end; ++i) y[i] = static_cast<Wide>(x[i]) > static_cast<Wide>(threshold) ? 1 : 0;
      }
    });
  }
};

LAMINA_LAYER(Binarizer, .Onnx("ai.onnx.ml")
                            .Doc("y = x > threshold ? 1 : 0")
                            .Attribute<&Binarizer::threshold>("threshold")
                            .ForTypes<float, double, int64_t, int32_t>()
                            .SameShape()
                            .RowWise(1)
                            .Example("threshold=1.5 x=f32[4]{1,2,1.5,-3} -> y=f32[4]{0,1,0,0}"));

}  // namespace
}  // namespace lamina::layers
