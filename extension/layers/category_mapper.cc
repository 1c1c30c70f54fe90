#include <lamina/layer.h>

#include "extension/layers/lookup.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// Strings to integers and integers to strings, by two lists side by side.
///
/// Inputs: x, string or i64 (or i32), of any shape.
/// Attributes: cats_strings and cats_int64s, equally long; default_int64 (-1) and default_string ("_Unused") for what
/// is in neither. What is listed twice has its last partner.
/// Outputs: y, i64 for strings and string for integers, of x's shape.
/// Errors: lists of different length.
/// Source: ai.onnx.ml CategoryMapper, 1.
/// Accuracy: to the bit.
struct CategoryMapper {
  std::vector<std::string> cats_strings;
  std::vector<int64_t> cats_int64s;
  std::string default_string = "_Unused";
  int64_t default_int64 = -1;

  void Prepare(const Node&) {
    Require(cats_strings.size() == cats_int64s.size(), "CategoryMapper: there are ", cats_strings.size(),
            " cats_strings and ", cats_int64s.size(), " cats_int64s, expected as many of the one as of the other");
    strings_ = StringLookup(cats_strings, Repeated::kLast);
    numbers_ = NumberLookup(cats_int64s, Repeated::kLast);
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    const int32_t type = x.type() == LAMINA_DYNAMIC  ? LAMINA_DYNAMIC
                         : x.type() == LAMINA_STRING ? LAMINA_I64
                                                     : LAMINA_STRING;
    inference.SetOutputLike(0, type, x);
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    if (x.type() == LAMINA_STRING) {
      const auto from = x.As<std::string_view>();
      auto* y = static_cast<int64_t*>(call.Out(0).data());
      for (size_t i = 0; i < x.size(); ++i) {
        const int32_t place = strings_.Find(from[i]);
        y[i] = place < 0 ? default_int64 : cats_int64s[place];
      }
    } else {
      for (size_t i = 0; i < x.size(); ++i) {
        const int32_t place = numbers_.Find(x.Is<int64_t>() ? x.As<int64_t>()[i] : x.As<int32_t>()[i]);
        call.Out(0).Set(i, place < 0 ? default_string : cats_strings[place]);
      }
    }
  }

 private:
  StringLookup strings_;
  NumberLookup numbers_;
};

LAMINA_LAYER(CategoryMapper, .Onnx("ai.onnx.ml")
                                 .Doc("strings to integers and integers to strings")
                                 .Input("x", Types<std::string_view, int64_t, int32_t>)
                                 .Output("y", Types<std::string_view, int64_t>)
                                 .Attribute<&CategoryMapper::cats_strings>("cats_strings")
                                 .Attribute<&CategoryMapper::cats_int64s>("cats_int64s")
                                 .Attribute<&CategoryMapper::default_string>("default_string")
                                 .Attribute<&CategoryMapper::default_int64>("default_int64")
                                 .RowWise(1)
                                 .Example("cats_strings=[\"a\",\"b\"] cats_int64s=[5,6] x=string[3]{\"b\",\"c\",\"a\"} "
                                          "-> y=i64[3]{6,-1,5}")
                                 .Example("cats_strings=[\"a\",\"b\"] cats_int64s=[5,6] x=i64[2]{6,7} "
                                          "-> y=string[2]{\"b\",\"_Unused\"}"));

}  // namespace
}  // namespace lamina::layers
