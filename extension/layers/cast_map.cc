#include <lamina/layer.h>

#include "extension/layers/number_text.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// Maps from integers as a tensor of another type, a row each.
///
/// Inputs: x [N, C] or [C], f32 or string: DENSE the maps' values in ascending order of their keys, SPARSE column k for
/// key k.
/// Attributes: cast_to TO_FLOAT (default), TO_STRING or TO_INT64; map_form DENSE (default) or SPARSE; max_map (default
/// 1): the number of columns when SPARSE; columns that x lacks are 0, or "0.f" as strings.
/// Outputs: y [N, C], or [N, max_map], f32, string or i64. Floats become integers towards 0, and text with six
/// decimals.
/// Errors: another form or type; SPARSE with more columns than max_map; text that is no number.
/// Source: ai.onnx.ml CastMap, 1; there the input is a map, which has no tensor form.
/// Accuracy: to the bit.
struct CastMap {
  std::string cast_to = "TO_FLOAT", map_form = "DENSE";
  int64_t max_map = 1;

  void Prepare(const Node&) {
    Require(cast_to == "TO_FLOAT" || cast_to == "TO_STRING" || cast_to == "TO_INT64", "CastMap: cast_to is '", cast_to,
            "', expected TO_FLOAT, TO_STRING or TO_INT64");
    Require(map_form == "DENSE" || map_form == "SPARSE", "CastMap: map_form is '", map_form,
            "', expected DENSE or SPARSE");
    type_ = cast_to == "TO_FLOAT" ? LAMINA_F32 : cast_to == "TO_STRING" ? LAMINA_STRING : LAMINA_I64;
    is_sparse_ = map_form == "SPARSE";
  }

  void Infer(const Inference& inference) const {
    const RowShape shape = RowsOf(inference.In(0), "CastMap");
    Require(!is_sparse_ || shape.features <= max_map, "CastMap: the input has ", shape.features,
            " columns, map_form SPARSE allows max_map=", max_map);
    inference.SetOutput(0, type_, {shape.rows, is_sparse_ ? max_map : shape.features});
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    x.Is<float>() ? CastAll(x.As<float>(), call.Out(0)) : CastAll(x.As<std::string_view>(), call.Out(0));
  }

 private:
  template <class T>
  void CastAll(const In<T>& x, const lamina::Output& y) const {
    if (y.size() == 0) return;
    const RowShape shape = RowsOf(x, "CastMap");
    const int64_t width = y.dim(1);
    for (int64_t r = 0; r < shape.rows; ++r) {
      for (int64_t c = 0; c < width; ++c) {
        const auto to = static_cast<size_t>(r * width + c);
        c < shape.features ? Cast(x[static_cast<size_t>(r * shape.features + c)], y, to) : Pad(y, to);
      }
    }
  }

  template <class T>
  void Cast(T value, const lamina::Output& y, size_t to) const {
    constexpr bool kIsText = std::is_same_v<T, std::string_view>;
    if (type_ == LAMINA_STRING) {
      if constexpr (kIsText) return y.Set(to, value);
      if constexpr (!kIsText) return y.Set(to, std::to_string(value));
    } else if (type_ == LAMINA_F32) {
      if constexpr (kIsText) static_cast<float*>(y.data())[to] = NumberFrom<float>(value, "CastMap");
      if constexpr (!kIsText) static_cast<float*>(y.data())[to] = value;
    } else {
      if constexpr (kIsText) static_cast<int64_t*>(y.data())[to] = NumberFrom<int64_t>(value, "CastMap");
      if constexpr (!kIsText) static_cast<int64_t*>(y.data())[to] = static_cast<int64_t>(value);
    }
  }
  void Pad(const lamina::Output& y, size_t to) const {
    if (type_ == LAMINA_STRING) return y.Set(to, "0.f");
    if (type_ == LAMINA_F32) static_cast<float*>(y.data())[to] = 0;
    if (type_ == LAMINA_I64) static_cast<int64_t*>(y.data())[to] = 0;
  }

  int32_t type_ = LAMINA_F32;
  bool is_sparse_ = false;
};

LAMINA_LAYER(CastMap, .Onnx("ai.onnx.ml")
                          .Doc("the values of maps as a tensor of another type")
                          .Input("x", Types<float, std::string_view>)
                          .Output("y", Types<float, std::string_view, int64_t>)
                          .Attribute<&CastMap::cast_to>("cast_to")
                          .Attribute<&CastMap::map_form>("map_form")
                          .Attribute<&CastMap::max_map>("max_map")
                          .Example("cast_to=\"TO_INT64\" map_form=\"SPARSE\" max_map=3 x=string[1,2]{\"7\",\"8\"} "
                                   "-> y=i64[1,3]{7,8,0}"));

}  // namespace
}  // namespace lamina::layers
