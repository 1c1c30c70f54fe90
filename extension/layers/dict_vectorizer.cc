#include <lamina/layer.h>

#include <algorithm>

#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// Maps as a tensor, a row each: column i holds the value of key i of the vocabulary, 0 (or "") where the map has none.
///
/// Inputs: x [N, C] or [C], f32, f64, i64, i32 or string: the maps' values, already in the order of the vocabulary.
/// Attributes: string_vocabulary or int64_vocabulary (C).
/// Outputs: y [N, C], of x's type.
/// Errors: vocabularies of neither or both kinds, a number of keys that is not C.
/// Source: ai.onnx.ml DictVectorizer, 1; there the input is a map, which has no tensor form.
/// Accuracy: to the bit.
struct DictVectorizer {
  std::vector<std::string> string_vocabulary;
  std::vector<int64_t> int64_vocabulary;

  void Prepare(const Node&) {
    Require(string_vocabulary.empty() != int64_vocabulary.empty(), "DictVectorizer: string_vocabulary has ",
            string_vocabulary.size(), " keys and int64_vocabulary ", int64_vocabulary.size(),
            ", expected keys in one of them");
  }

  void Infer(const Inference& inference) const {
    const size_t keys = std::max(string_vocabulary.size(), int64_vocabulary.size());
    const RowShape shape = RowsOf(inference.In(0), "DictVectorizer", keys);
    inference.SetOutput(0, inference.In(0).type(), {shape.rows, static_cast<int64_t>(keys)});
  }

  template <class T>
  void Compute(In<T> x, Out<T> y) const {
    if constexpr (std::is_same_v<T, std::string_view>) {
      for (size_t i = 0; i < x.size(); ++i) y.Set(i, x[i]);
    } else {
      std::copy(x.begin(), x.end(), y.data());
    }
  }
};

LAMINA_LAYER(DictVectorizer, .Onnx("ai.onnx.ml")
                                 .Doc("the values of maps as a tensor, in the order of the vocabulary")
                                 .Attribute<&DictVectorizer::string_vocabulary>("string_vocabulary")
                                 .Attribute<&DictVectorizer::int64_vocabulary>("int64_vocabulary")
                                 .ForTypes<float, double, int64_t, int32_t, std::string_view>()
                                 .Example("string_vocabulary=[\"a\",\"b\"] x=f32[1,2]{1,2} -> y=f32[1,2]{1,2}"));

}  // namespace
}  // namespace lamina::layers
