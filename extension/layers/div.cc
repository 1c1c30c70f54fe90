#include <lamina/layer.h>

#include "extension/layers/elementwise_pairs.h"

namespace lamina::layers {
namespace {

/// z = x / y of integers, towards 0.
///
/// Inputs: x, y: both i64, i32, i8, u64, u32 or u8, of shapes that broadcast.
/// Outputs: z, of x's type and the broadcast shape. The lowest integer by -1 stays as it is.
/// Errors: shapes that don't fit, a y of 0.
/// Source: ai.onnx Div, 7, 13 and 14; in domain `lamina` for integers, which the engine divides as f32 and rounds to 8
/// bits. Accuracy: to the bit.
struct Div {
  void Infer(const Inference& inference) const { InferBroadcast(inference, 2, inference.In(0).type(), "Div"); }

  template <class T>
  void Compute(In<T> x, In<T> y, Out<T> z, const Call& call) const {
    ForEachPair(x, y, z, call, [](T a, T b) -> T {
      Require(b != 0, "Div: division by 0");
      using Unsigned = std::make_unsigned_t<T>;
      if (std::is_signed_v<T> && b == static_cast<T>(-1)) return static_cast<T>(Unsigned{0} - static_cast<Unsigned>(a));
      return static_cast<T>(a / b);
    });
  }
};

LAMINA_LAYER(Div, .Onnx("lamina")
                      .Doc("z = x / y of integers")
                      .ForTypes<int64_t, int32_t, uint64_t, uint32_t, int8_t, uint8_t>()
                      .Inputs("x", "y")
                      .Outputs("z")
                      .Example("x=i64[3]{1099511627783,-7,16777217} y=i64[3]{1,2,16777218} "
                               "-> z=i64[3]{1099511627783,-3,0}"));

}  // namespace
}  // namespace lamina::layers
