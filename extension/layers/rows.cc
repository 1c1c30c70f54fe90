#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

template <class T>
const float* Converted(const In<T>& x, const Call& call) {
  const auto floats = call.Scratch<float>(x.size());
  call.ParallelFor(x.size(), Grain(1), [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) floats[i] = static_cast<float>(x[i]);
  });
  return floats.data();
}

}  // namespace

RowShape RowsOf(const TensorView& x, const char* layer) {
  if (x.rank() < 0) return {};
  Require(x.rank() == 1 || x.rank() == 2, layer, ": the input has ", x.rank(),
          " dimensions, expected [N, C], or [C] for a single row");
  return x.rank() == 1 ? RowShape{1, x.dim(0)} : RowShape{x.dim(0), x.dim(1)};
}

RowShape RowsOf(const TensorView& x, const char* layer, size_t expected_features) {
  const RowShape shape = RowsOf(x, layer);
  Require(shape.features < 0 || static_cast<size_t>(shape.features) == expected_features, layer, ": the input has ",
          shape.features, " features, the model was made for ", expected_features);
  return shape;
}

const float* FloatsOf(const Input& x, const Call& call) {
  if (x.Is<double>()) return Converted(x.As<double>(), call);
  if (x.Is<int64_t>()) return Converted(x.As<int64_t>(), call);
  if (x.Is<int32_t>()) return Converted(x.As<int32_t>(), call);
  return x.As<float>().data();
}

}  // namespace lamina::layers
