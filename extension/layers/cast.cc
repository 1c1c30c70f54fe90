#include <lamina/layer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "extension/layers/float16.h"
#include "extension/layers/moving.h"
#include "extension/layers/number_text.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// The element types of ONNX that can be cast to, by their numbers there; LAMINA_DYNAMIC for the others.
constexpr std::array<int32_t, 17> kOnnxTypes = {LAMINA_DYNAMIC, LAMINA_F32, LAMINA_U8,  LAMINA_I8,     LAMINA_U16,
                                                LAMINA_I16,     LAMINA_I32, LAMINA_I64, LAMINA_STRING, LAMINA_BOOL,
                                                LAMINA_F16,     LAMINA_F64, LAMINA_U32, LAMINA_U64,    LAMINA_DYNAMIC,
                                                LAMINA_DYNAMIC, LAMINA_BF16};

/// y = x in another element type.
///
/// Inputs: x, of any type and shape.
/// Attributes: to, the type by ONNX's number: floats of 16, 32 or 64 bits, integers of 8 to 64, bool or string;
/// saturate and round_mode change nothing for these.
/// Outputs: y, of that type and x's shape. Floating point becomes integers towards 0, what is out of range the nearest
/// one that is not, NaN 0; integers keep their low bits. Text is read as C++ writes numbers; numbers are written with 8
/// digits.
/// Errors: another type, text that is no number.
/// Source: ai.onnx Cast, 6 to 25; in domain `lamina` for strings and 64-bit values.
/// Accuracy: to the bit; floating point is rounded to nearest.
struct Cast {
  int64_t to = 0, saturate = 1;
  std::string round_mode = "up";

  void Prepare(const Node&) {
    const bool is_known = to > 0 && to < static_cast<int64_t>(kOnnxTypes.size()) && kOnnxTypes[to] != LAMINA_DYNAMIC;
    Require(is_known, "Cast: to is ", to, ", which is no float, integer, bool or string type of ONNX");
    type_ = kOnnxTypes[to];
  }

  void Infer(const Inference& inference) const { inference.SetOutputLike(0, type_, inference.In(0)); }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    switch (x.type()) {
      case LAMINA_STRING:
        return FromText(x.As<std::string_view>(), call);
      case LAMINA_BOOL:
        return From<uint8_t>(call);
      case LAMINA_BF16:
        return From<BFloat16>(call);
      case LAMINA_F16:
        return From<Float16>(call);
      case LAMINA_F32:
        return From<float>(call);
      case LAMINA_F64:
        return From<double>(call);
      case LAMINA_I8:
        return From<int8_t>(call);
      case LAMINA_I16:
        return From<int16_t>(call);
      case LAMINA_I32:
        return From<int32_t>(call);
      case LAMINA_I64:
        return From<int64_t>(call);
      case LAMINA_U8:
        return From<uint8_t>(call);
      case LAMINA_U16:
        return From<uint16_t>(call);
      case LAMINA_U32:
        return From<uint32_t>(call);
      default:
        return From<uint64_t>(call);
    }
  }

 private:
  /// A number as something to calculate with.
  template <class T>
  static auto Plain(T x) {
    if constexpr (std::is_same_v<T, Float16>) return ToFloat(x);
    if constexpr (std::is_same_v<T, BFloat16>) return static_cast<float>(x);
    if constexpr (std::is_arithmetic_v<T>) return x;
  }

  template <class To, class From>
  static To Number(From x) {
    if constexpr (std::is_same_v<To, bool>) {
      return x != 0;
    } else if constexpr (std::is_same_v<To, Float16>) {
      return ToFloat16(static_cast<float>(x));
    } else if constexpr (std::is_same_v<To, BFloat16>) {
      return Rounded(static_cast<float>(x));
    } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
      using Limits = std::numeric_limits<To>;
      // The highest value may round up to one beyond; what is not below it is cut.
      if (x != x) return 0;
      if (x >= static_cast<From>(Limits::max())) return Limits::max();
      return x <= static_cast<From>(Limits::min()) ? Limits::min() : static_cast<To>(x);
    } else {
      return static_cast<To>(x);
    }
  }
  /// To the nearest, ties to even.
  static BFloat16 Rounded(float x) {
    const uint32_t bits = std::bit_cast<uint32_t>(x);
    if (x != x) return {0x7FC0};
    return {static_cast<uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)};
  }

  /// Calls body.operator()<T>() with the output's type.
  template <class Body>
  void WithOutput(const Body& body) const {
    switch (type_) {
      case LAMINA_BOOL:
        return body.template operator()<bool>();
      case LAMINA_BF16:
        return body.template operator()<BFloat16>();
      case LAMINA_F16:
        return body.template operator()<Float16>();
      case LAMINA_F32:
        return body.template operator()<float>();
      case LAMINA_F64:
        return body.template operator()<double>();
      case LAMINA_I8:
        return body.template operator()<int8_t>();
      case LAMINA_I16:
        return body.template operator()<int16_t>();
      case LAMINA_I32:
        return body.template operator()<int32_t>();
      case LAMINA_I64:
        return body.template operator()<int64_t>();
      case LAMINA_U8:
        return body.template operator()<uint8_t>();
      case LAMINA_U16:
        return body.template operator()<uint16_t>();
      case LAMINA_U32:
        return body.template operator()<uint32_t>();
      default:
        return body.template operator()<uint64_t>();
    }
  }

  template <class T>
  void From(const Call& call) const {
    const In<T> x = call.In(0).As<T>();
    call.ParallelFor(x.size(), Grain(type_ == LAMINA_STRING ? 256 : 1), [&](size_t begin, size_t end) {
      if (type_ == LAMINA_STRING) {
        for (size_t i = begin; i < end; ++i) call.Out(0).Set(i, Text(Plain(x[i])));
        return;
      }
      WithOutput([&]<class To>() {
        auto* y = static_cast<To*>(call.Out(0).data());
        for (size_t i = begin; i < end; ++i) y[i] = Number<To>(Plain(x[i]));
      });
    });
  }
  template <class T>
  static std::string Text(T x) {
    if constexpr (std::is_floating_point_v<T>) return TextOf(static_cast<double>(x));
    if constexpr (!std::is_floating_point_v<T>) return std::to_string(x);
  }

  void FromText(const In<std::string_view>& x, const Call& call) const {
    if (type_ == LAMINA_STRING) {
      for (size_t i = 0; i < x.size(); ++i) call.Out(0).Set(i, x[i]);
      return;
    }
    call.ParallelFor(x.size(), Grain(64), [&](size_t begin, size_t end) {
      WithOutput([&]<class To>() {
        auto* y = static_cast<To*>(call.Out(0).data());
        for (size_t i = begin; i < end; ++i) y[i] = NumberOf<To>(x[i]);
      });
    });
  }
  /// Integers may be written as floating point: "1.5" is 1.
  template <class To>
  static To NumberOf(std::string_view text) {
    if constexpr (std::is_same_v<To, double> || std::is_same_v<To, float>) return NumberFrom<To>(text, "Cast");
    if (text.find_first_of(".eEnN") != std::string_view::npos || !std::is_integral_v<To>) {
      return Number<To>(NumberFrom<double>(text, "Cast"));
    }
    if constexpr (std::is_same_v<To, uint64_t>) return NumberFrom<uint64_t>(text, "Cast");
    return Number<To>(NumberFrom<int64_t>(text, "Cast"));
  }

  int32_t type_ = LAMINA_DYNAMIC;
};

LAMINA_LAYER(Cast, .Onnx("lamina")
                       .Doc("y = x in another element type")
                       .Input("x", kMovable)
                       .Output("y", kMovable)
                       .Required<&Cast::to>("to")
                       .Attribute<&Cast::saturate>("saturate")
                       .Attribute<&Cast::round_mode>("round_mode")
                       .RowWise(1)
                       .Example("to=7 x=string[3]{\"1099511627783\",\" -2\",\"1.5\"} -> y=i64[3]{1099511627783,-2,1}")
                       .Example("to=8 x=f32[3]{0.1,-2,inf} -> y=string[3]{\"0.1\",\"-2\",\"INF\"}")
                       .Example("to=1 x=i64[1]{1099511627776} -> y=f32[1]{1099511627776}"));

}  // namespace
}  // namespace lamina::layers
