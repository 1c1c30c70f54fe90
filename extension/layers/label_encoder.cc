#include <lamina/layer.h>

#include "extension/layers/lookup.h"
#include "extension/layers/rows.h"
#include "extension/layers/typed_list.h"

namespace lamina::layers {
namespace {

/// Replaces keys by values: y = values[i] where keys[i] == x, default where there is none.
///
/// Inputs: x, of the keys' type (string, i64, i32, i16, f32 or f64) and any shape.
/// Attributes: keys_strings, keys_int64s, keys_floats or keys_tensor; as many of values_strings, values_int64s,
/// values_floats or values_tensor; default_string ("_Unused"), default_int64 (-1), default_float (-0) or default_tensor
/// (one element of the values' type). In version 1 instead: classes_strings, which maps strings to their place in it
/// and integers back.
/// Outputs: y, of the values' type and x's shape.
/// Errors: no keys, two kinds of them, numbers of keys and values that differ, an input that is not of the keys' kind.
/// A key that is listed twice has its first value; in classes_strings its last place. Every NaN equals every NaN.
/// Source: ai.onnx.ml LabelEncoder, 1, 2 and 4.
/// Accuracy: to the bit.
struct LabelEncoder {
  std::vector<std::string> classes_strings, keys_strings, values_strings;
  std::vector<int64_t> keys_int64s, values_int64s;
  std::vector<float> keys_floats, values_floats;
  std::string default_string = "_Unused";
  int64_t default_int64 = -1;
  float default_float = -0.0f;

  void Prepare(const Node& node) {
    if (!classes_strings.empty()) return PrepareClasses();
    const TypedList keys =
        TypedList::OneOf("LabelEncoder: keys", keys_strings, keys_int64s, keys_floats, node.Tensor("keys_tensor"));
    values_ = TypedList::OneOf("LabelEncoder: values", values_strings, values_int64s, values_floats,
                               node.Tensor("values_tensor"));
    Require(keys.size() == values_.size(), "LabelEncoder: there are ", keys.size(), " keys and ", values_.size(),
            " values, expected as many of the one as of the other");
    key_type_ = keys.type();
    if (key_type_ == LAMINA_STRING) strings_ = StringLookup(keys.strings());
    if (keys.is_integer()) numbers_ = NumberLookup(keys.ints());
    if (keys.is_floating()) {
      numbers_ = NumberLookup(keys.floats());
      rounded_ = NumberLookup(std::vector<float>(keys.floats().begin(), keys.floats().end()));
    }
    AddDefault(node.Tensor("default_tensor"));
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    Require(x.type() == LAMINA_DYNAMIC || classes_strings.size() || Kind(x.type()) == Kind(key_type_),
            "LabelEncoder: the input is ", TypeName(x.type()), ", the keys are ", TypeName(key_type_));
    inference.SetOutputLike(0, classes_strings.empty() ? values_.type() : ClassesType(x.type()), x);
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    const bool from_classes = !classes_strings.empty() && x.type() != LAMINA_STRING;
    const TypedList& values = from_classes ? classes_ : values_;
    call.ParallelFor(x.size(), Grain(x.type() == LAMINA_STRING ? 64 : 8), [&](size_t begin, size_t end) {
      int32_t places[kBlock];
      for (size_t i = begin; i < end; i += kBlock) {
        const size_t n = std::min(kBlock, end - i);
        from_classes ? PlacesInClasses(x, i, n, places) : Places(x, i, n, places);
        // The default is the last of the values.
        for (size_t k = 0; k < n; ++k) places[k] = places[k] < 0 ? static_cast<int32_t>(values.size() - 1) : places[k];
        values.Write(call.Out(0), i, {places, n});
      }
    });
  }

 private:
  static constexpr size_t kBlock = 256;

  /// Integers of any width are one kind, floating point is another.
  static int Kind(int32_t type) {
    if (type == LAMINA_STRING) return 0;
    return type == LAMINA_F32 || type == LAMINA_F64 ? 1 : 2;
  }
  static int32_t ClassesType(int32_t input) {
    if (input == LAMINA_DYNAMIC) return LAMINA_DYNAMIC;
    Require(Kind(input) != 1, "LabelEncoder: the input is ", TypeName(input),
            ", classes_strings takes strings or integers");
    return input == LAMINA_STRING ? LAMINA_I64 : LAMINA_STRING;
  }

  void PrepareClasses() {
    key_type_ = LAMINA_STRING;
    strings_ = StringLookup(classes_strings, Repeated::kLast);
    std::vector<int64_t> places(classes_strings.size());
    for (size_t i = 0; i < places.size(); ++i) places[i] = static_cast<int64_t>(i);
    places.push_back(default_int64);
    values_ = TypedList(std::move(places));
    std::vector<std::string> names = classes_strings;
    names.push_back(default_string);
    classes_ = TypedList(std::move(names));
  }

  void AddDefault(const lamina::Input& tensor) {
    if (tensor.present()) {
      Require(tensor.type() == values_.type() && tensor.size() == 1, "LabelEncoder: default_tensor is ", tensor.size(),
              " of ", TypeName(tensor.type()), ", expected one ", TypeName(values_.type()));
      values_.Append(TypedList(tensor));
    } else if (values_.type() == LAMINA_STRING) {
      values_.Append(TypedList(std::vector<std::string>{default_string}));
    } else if (values_.is_floating()) {
      values_.Append(TypedList(std::vector<float>{default_float}));
    } else {
      values_.Append(TypedList(std::vector<int64_t>{default_int64}));
    }
  }

  void Places(const lamina::Input& x, size_t first, size_t n, int32_t* places) const {
    switch (x.type()) {
      case LAMINA_STRING:
        return Find(strings_, x.As<std::string_view>(), first, n, places);
      case LAMINA_I64:
        return Find(numbers_, x.As<int64_t>(), first, n, places);
      case LAMINA_I32:
        return Find(numbers_, x.As<int32_t>(), first, n, places);
      case LAMINA_I16:
        return Find(numbers_, x.As<int16_t>(), first, n, places);
      case LAMINA_F64:
        return Find(numbers_, x.As<double>(), first, n, places);
      default:
        return Find(rounded_, x.As<float>(), first, n, places);
    }
  }
  template <class Lookup, class T>
  static void Find(const Lookup& lookup, const In<T>& x, size_t first, size_t n, int32_t* places) {
    for (size_t k = 0; k < n; ++k) places[k] = lookup.Find(x[first + k]);
  }
  void PlacesInClasses(const lamina::Input& x, size_t first, size_t n, int32_t* places) const {
    for (size_t k = 0; k < n; ++k) {
      const int64_t key = x.type() == LAMINA_I64   ? x.As<int64_t>()[first + k]
                          : x.type() == LAMINA_I32 ? x.As<int32_t>()[first + k]
                                                   : x.As<int16_t>()[first + k];
      places[k] =
          key >= 0 && key < static_cast<int64_t>(classes_strings.size()) ? static_cast<int32_t>(key) : kNotFound;
    }
  }

  int32_t key_type_ = LAMINA_DYNAMIC;
  StringLookup strings_;
  NumberLookup numbers_;
  NumberLookup rounded_;  // f64 keys as f32: for an input that the engine has computed in f32
  TypedList values_;      // with the default behind them
  TypedList classes_;     // classes_strings with the default behind them
};

constexpr uint64_t kLabels = Types<std::string_view, int64_t, int32_t, int16_t, float, double>;

LAMINA_LAYER(LabelEncoder, .Onnx("ai.onnx.ml")
                               .Doc("y = values[i] where keys[i] == x, default where there is none")
                               .Input("x", kLabels)
                               .Output("y", kLabels)
                               .Attribute<&LabelEncoder::classes_strings>("classes_strings")
                               .Attribute<&LabelEncoder::keys_strings>("keys_strings")
                               .Attribute<&LabelEncoder::keys_int64s>("keys_int64s")
                               .Attribute<&LabelEncoder::keys_floats>("keys_floats")
                               .RawAttribute("keys_tensor", KindBit(LAMINA_ATTRIBUTE_TENSOR))
                               .Attribute<&LabelEncoder::values_strings>("values_strings")
                               .Attribute<&LabelEncoder::values_int64s>("values_int64s")
                               .Attribute<&LabelEncoder::values_floats>("values_floats")
                               .RawAttribute("values_tensor", KindBit(LAMINA_ATTRIBUTE_TENSOR))
                               .Attribute<&LabelEncoder::default_string>("default_string")
                               .Attribute<&LabelEncoder::default_int64>("default_int64")
                               .Attribute<&LabelEncoder::default_float>("default_float")
                               .RawAttribute("default_tensor", KindBit(LAMINA_ATTRIBUTE_TENSOR))
                               .RowWise(1)
                               .Example("keys_strings=[\"a\",\"b\"] values_int64s=[5,6] "
                                        "x=string[3]{\"b\",\"c\",\"a\"} -> y=i64[3]{6,-1,5}"));

}  // namespace
}  // namespace lamina::layers
