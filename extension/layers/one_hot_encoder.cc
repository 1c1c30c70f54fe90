#include <lamina/layer.h>

#include <atomic>
#include <cmath>
#include <limits>

#include "extension/layers/lookup.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// y[..., i] = 1 where x is category i, else 0.
///
/// Inputs: x, of any shape: string for cats_strings; i64, i32, f32 or f64 for cats_int64s. Floating point is cut to its
/// integer part first.
/// Attributes: cats_int64s or cats_strings; zeros (default 1): whether a value of no category gives zeros.
/// Outputs: y, f32, x's shape and one dimension more, the number of categories. Of a category listed twice the last
/// place counts.
/// Errors: no categories or both kinds, an input that is not of their kind; with zeros=0 a value of no category.
/// Source: ai.onnx.ml OneHotEncoder, 1.
/// Accuracy: to the bit.
struct OneHotEncoder {
  std::vector<int64_t> cats_int64s;
  std::vector<std::string> cats_strings;
  int64_t zeros = 1;

  void Prepare(const Node&) {
    Require(cats_int64s.empty() != cats_strings.empty(), "OneHotEncoder: there are ", cats_int64s.size(),
            " integer categories and ", cats_strings.size(), " string categories, expected one kind of them");
    numbers_ = NumberLookup(cats_int64s, Repeated::kLast);
    strings_ = StringLookup(cats_strings, Repeated::kLast);
    count_ = cats_int64s.size() + cats_strings.size();
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    Require(x.type() == LAMINA_DYNAMIC || (x.type() == LAMINA_STRING) == cats_int64s.empty(),
            "OneHotEncoder: the input is ", TypeName(x.type()), ", the categories are ",
            cats_int64s.empty() ? "strings" : "integers");
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, LAMINA_F32);
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    dims.push_back(static_cast<int64_t>(count_));
    inference.SetOutput(0, LAMINA_F32, dims);
  }

  template <class T>
  void Compute(In<T> x, Out<float> y, const Call& call) const {
    call.ParallelFor(x.size(), Grain(count_ + 8), [&](size_t begin, size_t end) {
      std::fill(y.data() + begin * count_, y.data() + end * count_, 0.0f);
      for (size_t i = begin; i < end; ++i) {
        const int32_t place = Place(x[i]);
        if (place >= 0) y[i * count_ + static_cast<size_t>(place)] = 1;
        if (place < 0 && zeros == 0) {
          throw Error(Cat("OneHotEncoder: element ", i, " of the input is of no category, and zeros=0 forbids that"));
        }
      }
    });
  }

 private:
  template <class T>
  int32_t Place(T x) const {
    if constexpr (std::is_same_v<T, std::string_view>) {
      return strings_.Find(x);
    } else if constexpr (std::is_floating_point_v<T>) {
      // Beyond 2^63 and for NaN there is no integer part.
      return std::abs(x) < T(9223372036854775808.0) ? numbers_.Find(static_cast<int64_t>(x)) : kNotFound;
    } else {
      return numbers_.Find(x);
    }
  }

  NumberLookup numbers_;
  StringLookup strings_;
  size_t count_ = 0;
};

LAMINA_LAYER(OneHotEncoder, .Onnx("ai.onnx.ml")
                                .Doc("y[..., i] = x is category i")
                                .Attribute<&OneHotEncoder::cats_int64s>("cats_int64s")
                                .Attribute<&OneHotEncoder::cats_strings>("cats_strings")
                                .Attribute<&OneHotEncoder::zeros>("zeros")
                                .ForTypes<std::string_view, int64_t, int32_t, float, double>()
                                .RowWise()
                                .Example("cats_strings=[\"a\",\"b\"] x=string[3]{\"b\",\"c\",\"a\"} "
                                         "-> y=f32[3,2]{0,1,0,0,1,0}"));

}  // namespace
}  // namespace lamina::layers
