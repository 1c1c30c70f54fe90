#include <lamina/layer.h>

#include <cmath>

#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// y = |x|.
///
/// Inputs: x, i64, i32, f32 or f64, of any shape.
/// Outputs: y, of x's type and shape. The lowest integer stays as it is.
/// Source: ai.onnx Abs; in domain `lamina` for integers, of which the engine keeps 24 bits where it fuses them.
/// Accuracy: to the bit.
struct Abs {
  template <class T>
  void Compute(In<T> x, Out<T> y, const Call& call) const {
    call.ParallelFor(x.size(), Grain(1), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        if constexpr (std::is_integral_v<T>) {
          // Negated as unsigned: for the lowest integer, too, that is defined.
          y[i] = x[i] < 0 ? static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(x[i])) : x[i];
        } else {
          y[i] = std::abs(x[i]);
        }
      }
    });
  }
};

LAMINA_LAYER(Abs, .Onnx("lamina").Doc("y = |x|").ForTypes<int64_t, int32_t, float, double>().SameShape().Example(
                      "x=i64[3]{-1099511627783,0,5} -> y=i64[3]{1099511627783,0,5}"));

}  // namespace
}  // namespace lamina::layers
