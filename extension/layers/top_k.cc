#include <lamina/layer.h>

#include <algorithm>

#include "extension/layers/moving.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// The k largest (or smallest) elements along an axis and where they were; of equal ones those come first that stood
/// first.
///
/// Inputs: x, f32, f64, i64 or i32; k, i64 or i32 [1] (version 1 has it as an attribute).
/// Attributes: axis (default -1), largest (default 1); sorted changes nothing: they always are.
/// Outputs: values, of x's type, and indices, i64: x's shape with k along the axis. A NaN is larger than every number.
/// Errors: a k below 0 or above the dimension, an axis that is not there.
/// Source: ai.onnx TopK, 1, 10, 11 and 24; in domain `lamina` because the engine takes equal elements in any order.
/// Accuracy: to the bit.
struct TopK {
  int64_t axis = -1, largest = 1, sorted = 1, k = -1;

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    if (x.rank() < 0) {
      inference.SetOutputOfAnyShape(0, x.type());
      return inference.SetOutputOfAnyShape(1, LAMINA_I64);
    }
    const int at = AxisOf(axis, x.rank(), "TopK");
    const auto known = inference.In(1).present() ? KnownInts(inference.In(1)) : std::vector<int64_t>{k};
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    dims[at] = known ? Checked(*known, dims[at]) : -1;
    inference.SetOutput(0, x.type(), dims);
    inference.SetOutput(1, LAMINA_I64, dims);
  }

  void Compute(const Call& call) const {
    switch (call.In(0).type()) {
      case LAMINA_F64:
        return ComputeAs<double>(call);
      case LAMINA_I64:
        return ComputeAs<int64_t>(call);
      case LAMINA_I32:
        return ComputeAs<int32_t>(call);
      default:
        return ComputeAs<float>(call);
    }
  }

 private:
  template <class T>
  void ComputeAs(const Call& call) const {
    const In<T> x = call.In(0).As<T>();
    const lamina::Input count = call.In(1);
    const Out<T> values(call.abi(), 0);
    const Out<int64_t> indices(call.abi(), 1);
    const int at = AxisOf(axis, x.rank(), "TopK");
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    const int64_t dim = dims[at];
    dims[at] = Checked(count.present() ? IntsIn(count) : std::vector<int64_t>{k}, dim);
    if (values.present()) values.Resize(dims);
    if (indices.present()) indices.Resize(dims);
    const auto n = static_cast<size_t>(dim), kept = static_cast<size_t>(dims[at]);
    const auto behind = static_cast<size_t>(Product(x.dims(), at + 1, x.dims().size()));
    const size_t rows = n == 0 ? 0 : x.size() / n;
    call.ParallelFor(rows, Grain(4 * n), [&](size_t begin, size_t end) {
      std::vector<uint32_t> best;
      for (size_t r = begin; r < end; ++r) {
        const T* from = x.data() + r / behind * n * behind + r % behind;
        largest != 0 ? Select(from, n, behind, kept, best, &Above<T>) : Select(from, n, behind, kept, best, &Below<T>);
        const size_t to = r / behind * kept * behind + r % behind;
        for (size_t i = 0; i < kept; ++i) {
          if (values.present()) values[to + i * behind] = from[best[i] * behind];
          if (indices.present()) indices[to + i * behind] = best[i];
        }
      }
    });
  }
  static int64_t Checked(const std::vector<int64_t>& k, int64_t dim) {
    Require(k.size() == 1 && k[0] >= 0 && (dim < 0 || k[0] <= dim), "TopK: k is ", k.empty() ? -1 : k[0],
            ", the dimension is ", dim, "; expected one k from 0 to that");
    return k[0];
  }

  template <class T>
  static bool Above(T a, T b) {
    return a > b || (a != a && b == b);
  }
  template <class T>
  static bool Below(T a, T b) {
    return a < b || (b != b && a == a);
  }

  template <class T, class Before>
  static void Select(const T* x, size_t n, size_t stride, size_t k, std::vector<uint32_t>& best, Before before) {
    constexpr size_t kFew = 64;
    const auto comes_first = [=](uint32_t a, uint32_t b) {
      const T of_a = x[a * stride], of_b = x[b * stride];
      return before(of_a, of_b) || (!before(of_b, of_a) && a < b);
    };
    best.clear();
    if (k == 0) return;
    if (k > kFew) {
      for (uint32_t i = 0; i < n; ++i) best.push_back(i);
      std::partial_sort(best.begin(), best.begin() + static_cast<ptrdiff_t>(k), best.end(), comes_first);
      return;
    }
    // Few are kept in order: nearly every element fails the first comparison, with the last of them.
    for (uint32_t i = 0; i < n; ++i) {
      if (best.size() == k && !before(x[i * stride], x[best.back() * stride])) continue;
      if (best.size() == k) best.pop_back();
      best.insert(std::upper_bound(best.begin(), best.end(), i, comes_first), i);
    }
  }
};

LAMINA_LAYER(
    TopK, .Onnx("lamina")
              .Doc("the k largest or smallest elements along an axis, and where they were")
              .Input("x", Types<float, double, int64_t, int32_t>)
              .OptionalInput("k", Types<int64_t, int32_t>)
              .Output("values", Types<float, double, int64_t, int32_t>)
              .Output("indices", Types<int64_t>)
              .Attribute<&TopK::axis>("axis")
              .Attribute<&TopK::largest>("largest")
              .Attribute<&TopK::sorted>("sorted")
              .Attribute<&TopK::k>("k")
              .Example("largest=0 x=f32[1,4]{3,1,2,1} k=i64[1]{3} -> values=f32[1,3]{1,1,2} indices=i64[1,3]{1,3,2}"));

}  // namespace
}  // namespace lamina::layers
