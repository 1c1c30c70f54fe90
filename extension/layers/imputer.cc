#include <lamina/layer.h>

#include <cmath>

#include "extension/layers/rows.h"
#include "extension/simd/elementwise.h"

namespace lamina::layers {
namespace {

/// Replaces one value by others: y = x == replaced ? imputed[feature] : x.
///
/// Inputs: x [..., C], f32, f64, i64 or i32.
/// Attributes: imputed_value_floats and replaced_value_float (default 0; may be NaN, which then equals every NaN) for
/// floating point, imputed_value_int64s and replaced_value_int64 (default 0) for integers: one value, or C.
/// Outputs: y, of x's type and shape.
/// Errors: values for neither or both kinds, or for the kind that x is not; a number of them that is neither 1 nor C;
/// integers that an i32 input can't hold.
/// Source: ai.onnx.ml Imputer, 1.
/// Accuracy: to the bit.
struct Imputer {
  std::vector<float> imputed_value_floats;
  std::vector<int64_t> imputed_value_int64s;
  float replaced_value_float = 0;
  int64_t replaced_value_int64 = 0;

  void Prepare(const Node&) {
    Require(imputed_value_floats.empty() != imputed_value_int64s.empty(), "Imputer: imputed_value_floats has ",
            imputed_value_floats.size(), " values and imputed_value_int64s ", imputed_value_int64s.size(),
            ", expected values for one of them");
    features_ = std::max(imputed_value_floats.size(), imputed_value_int64s.size());
    repeated_ = simd::Repeat(imputed_value_floats);
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    const bool is_int = x.type() == LAMINA_I64 || x.type() == LAMINA_I32;
    Require(x.type() == LAMINA_DYNAMIC || is_int == imputed_value_floats.empty(), "Imputer: the input is ",
            TypeName(x.type()), ", the values to impute are ", imputed_value_floats.empty() ? "integers" : "floats");
    if (x.type() == LAMINA_I32) {
      for (const int64_t value : imputed_value_int64s) {
        Require(value == static_cast<int32_t>(value), "Imputer: the input is i32, which can't hold the imputed value ",
                value);
      }
    }
    if (x.rank() >= 0) {
      Require(x.rank() > 0, "Imputer: the input is a single number, expected one dimension or more");
      Require(features_ == 1 || x.dim(-1) < 0 || static_cast<size_t>(x.dim(-1)) == features_, "Imputer: the input has ",
              x.dim(-1), " features, there are ", features_, " values to impute");
    }
    inference.SetOutputLike(0, x.type(), x);
  }

  template <class T>
  void Compute(In<T> x, Out<T> y, const Call& call) const {
    if constexpr (std::is_same_v<T, float>) {
      const size_t length = repeated_.size();
      call.ParallelFor((x.size() + length - 1) / length, Grain(length), [&](size_t begin, size_t end) {
        const size_t first = begin * length;
        simd::Replace(x.data() + first, replaced_value_float, repeated_.data(), length, y.data() + first,
                      std::min(x.size(), end * length) - first);
      });
    } else {
      const bool is_nan = std::is_floating_point_v<T> && std::isnan(replaced_value_float);
      for (size_t i = 0; i < x.size(); ++i) {
        const bool hit = is_nan ? x[i] != x[i] : x[i] == Replaced<T>();
        y[i] = hit ? Imputed<T>(i % features_) : x[i];
      }
    }
  }

 private:
  template <class T>
  auto Replaced() const {
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(replaced_value_float);
    if constexpr (std::is_integral_v<T>) return replaced_value_int64;
  }
  template <class T>
  T Imputed(size_t feature) const {
    if constexpr (std::is_floating_point_v<T>) return imputed_value_floats[feature];
    if constexpr (std::is_integral_v<T>) return static_cast<T>(imputed_value_int64s[feature]);
  }

  size_t features_ = 1;
  std::vector<float> repeated_;
};

LAMINA_LAYER(Imputer, .Onnx("ai.onnx.ml")
                          .Doc("y = x == replaced ? imputed[feature] : x")
                          .Attribute<&Imputer::imputed_value_floats>("imputed_value_floats")
                          .Attribute<&Imputer::imputed_value_int64s>("imputed_value_int64s")
                          .Attribute<&Imputer::replaced_value_float>("replaced_value_float")
                          .Attribute<&Imputer::replaced_value_int64>("replaced_value_int64")
                          .ForTypes<float, double, int64_t, int32_t>()
                          .RowWise()
                          .Example("imputed_value_floats=[7.0,8.0] replaced_value_float=-1.0 "
                                   "x=f32[2,2]{-1,2,3,-1} -> y=f32[2,2]{7,2,3,8}"));

}  // namespace
}  // namespace lamina::layers
