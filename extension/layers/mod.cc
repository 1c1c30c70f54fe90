#include <lamina/layer.h>

#include <cmath>

#include "extension/layers/elementwise_pairs.h"

namespace lamina::layers {
namespace {

/// z = the remainder of x / y.
///
/// Inputs: x, y: both i64, i32, u64, u32, f32 or f64, of shapes that broadcast.
/// Attributes: fmod (default 0): 0: the remainder has y's sign, 1: x's, as C's fmod. Floating point needs 1.
/// Outputs: z, of x's type and the broadcast shape.
/// Errors: shapes that don't fit, a y of 0 for integers, floating point with fmod=0.
/// Source: ai.onnx Mod, 10 and 13; in domain `lamina` for integers, which the engine divides as f32.
/// Accuracy: to the bit.
struct Mod {
  int64_t fmod = 0;

  void Infer(const Inference& inference) const {
    const int32_t type = inference.In(0).type();
    Require(fmod != 0 || (type != LAMINA_F32 && type != LAMINA_F64), "Mod: the input is ", TypeName(type),
            ", which needs fmod=1");
    InferBroadcast(inference, 2, type, "Mod");
  }

  template <class T>
  void Compute(In<T> x, In<T> y, Out<T> z, const Call& call) const {
    ForEachPair(x, y, z, call, [this](T a, T b) { return Remainder(a, b); });
  }

 private:
  template <class T>
  T Remainder(T x, T y) const {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fmod(x, y);
    } else {
      Require(y != 0, "Mod: division by 0");
      if (y == static_cast<T>(-1)) return std::is_signed_v<T> ? T(0) : x % y;  // the lowest integer by -1 overflows
      const T remainder = x % y;
      const bool is_other_sign = std::is_signed_v<T> && remainder != 0 && (remainder < 0) != (y < 0);
      return fmod == 0 && is_other_sign ? remainder + y : remainder;
    }
  }
};

LAMINA_LAYER(Mod, .Onnx("lamina")
                      .Doc("z = the remainder of x / y")
                      .ForTypes<int64_t, int32_t, uint64_t, uint32_t, float, double>()
                      .Inputs("x", "y")
                      .Outputs("z")
                      .Attribute<&Mod::fmod>("fmod")
                      .Example("x=i64[3]{-7,7,1099511627783} y=i64[3]{3,-3,16} -> z=i64[3]{2,-2,7}")
                      .Example("fmod=1 x=i64[2]{-7,7} y=i64[2]{3,-3} -> z=i64[2]{-1,1}"));

}  // namespace
}  // namespace lamina::layers
