#include <lamina/layer.h>

#include "extension/layers/moving.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// z[..., j] = x[..., y[j]].
///
/// Inputs: x [..., C], f32, f64, i64, i32 or string, of one dimension or more; y, i64 (or i32), places in the last
/// dimension.
/// Outputs: z, of x's type: x's shape with the number of places as its last dimension; [1, places] for x [C].
/// Errors: no places; a place below 0 or not below C.
/// Source: ai.onnx.ml ArrayFeatureExtractor, 1.
/// Accuracy: to the bit.
struct ArrayFeatureExtractor {
  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), y = inference.In(1);
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, x.type());
    Require(x.rank() > 0, "ArrayFeatureExtractor: the input is a single value, expected one dimension or more");
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    if (x.rank() == 1) dims.insert(dims.begin(), 1);
    dims.back() = Count(y);
    Require(dims.back() != 0, "ArrayFeatureExtractor: there are no places to extract");
    inference.SetOutput(0, x.type(), dims);
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0), y = call.In(1);
    const auto features = static_cast<size_t>(x.dim(-1));
    const auto places = call.Scratch<size_t>(y.size());
    for (size_t j = 0; j < y.size(); ++j) {
      const int64_t place = y.Is<int64_t>() ? y.As<int64_t>()[j] : y.As<int32_t>()[j];
      Require(place >= 0 && place < x.dim(-1), "ArrayFeatureExtractor: place ", j, " is ", place, ", the input has ",
              x.dim(-1), " features");
      places[j] = static_cast<size_t>(place);
    }
    const size_t rows = features == 0 ? 0 : x.size() / features;
    if (x.type() == LAMINA_STRING) return Extract(x.As<std::string_view>(), rows, features, places, call);
    if (x.type() == LAMINA_F32 || x.type() == LAMINA_I32) return Extract(x.As<int32_t>(), rows, features, places, call);
    Extract(x.As<int64_t>(), rows, features, places, call);
  }

 private:
  static int64_t Count(const lamina::Input& y) {
    if (y.rank() < 0) return -1;
    int64_t count = 1;
    for (const int64_t dim : y.dims()) {
      if (dim < 0) return -1;
      count = CheckedProduct(count, dim, "ArrayFeatureExtractor");
    }
    return count;
  }

  /// T stands for any type of its size.
  template <class T>
  static void Extract(const In<T>& x, size_t rows, size_t features, std::span<const size_t> places, const Call& call) {
    const Out<T> z(call.abi(), 0);
    call.ParallelFor(rows, Grain(places.size()), [&](size_t begin, size_t end) {
      for (size_t r = begin; r < end; ++r) {
        for (size_t j = 0; j < places.size(); ++j) {
          const size_t from = r * features + places[j], to = r * places.size() + j;
          if constexpr (std::is_same_v<T, std::string_view>) {
            z.Set(to, x[from]);
          } else {
            z[to] = x[from];
          }
        }
      }
    });
  }
};

constexpr uint64_t kFeatures = Types<float, double, int64_t, int32_t, std::string_view>;

LAMINA_LAYER(ArrayFeatureExtractor, .Onnx("ai.onnx.ml")
                                        .Doc("z[..., j] = x[..., y[j]]")
                                        .Input("x", kFeatures)
                                        .Input("y", Types<int64_t, int32_t>)
                                        .Output("z", kFeatures)
                                        .Example("x=f32[2,3]{1,2,3,4,5,6} y=i64[2]{2,0} -> z=f32[2,2]{3,1,6,4}"));

}  // namespace
}  // namespace lamina::layers
