#include <lamina/layer.h>

#include <algorithm>
#include <numeric>

#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

constexpr uint64_t kComparable = Types<float, double, int8_t, int32_t, int64_t, uint8_t, std::string_view>;

/// Calls body.operator()<T>() with the element type, one of kComparable.
template <class Body>
void WithType(int32_t type, const Body& body) {
  switch (type) {
    case LAMINA_STRING:
      return body.template operator()<std::string_view>();
    case LAMINA_F64:
      return body.template operator()<double>();
    case LAMINA_I8:
      return body.template operator()<int8_t>();
    case LAMINA_I32:
      return body.template operator()<int32_t>();
    case LAMINA_I64:
      return body.template operator()<int64_t>();
    case LAMINA_U8:
      return body.template operator()<uint8_t>();
    default:
      return body.template operator()<float>();
  }
}

/// Slices of a tensor along an axis: element e of slice i is at Place(i, e).
struct Slices {
  size_t count = 0, behind = 1, size = 1;  // behind: elements of the dimensions behind the axis; size: of a slice

  size_t Place(size_t i, size_t e) const { return (e / behind * count + i) * behind + e % behind; }
};

/// The distinct slices, in the order of the output.
struct Distinct {
  std::vector<int64_t> first, count, of;  // where each stands first, how often it is there; for each slice, which it is
};

/// The distinct elements of x, or the distinct slices along an axis.
///
/// Inputs: x, f32, f64, i8, i32, i64, u8 or string.
/// Attributes: axis, optional; sorted (default 1): in ascending order, strings by bytes, slices by their first elements
/// that differ; 0: in the order in which they stand first. A NaN is larger than every number and as large as another.
/// Outputs: y, of x's type; indices, i64 [D], where each stands first; inverse, i64 [N], which of them each one of x
/// is; counts, i64 [D], how often each is there.
/// Errors: an axis that is not there.
/// Source: ai.onnx Unique, 11; in domain `lamina` because the engine takes no strings and cuts numbers to 32 bits.
/// Accuracy: to the bit.
struct Unique {
  int64_t axis = 0, sorted = 1;

  void Prepare(const Node& node) { has_axis_ = node.Find("axis") != nullptr; }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    for (size_t i = 1; i < 4; ++i) inference.SetOutput(i, LAMINA_I64, {-1});
    if (!has_axis_) return inference.SetOutput(0, x.type(), {-1});
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, x.type());
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    dims[AxisOf(axis, x.rank(), "Unique")] = -1;
    inference.SetOutput(0, x.type(), dims);
  }

  void Compute(const Call& call) const {
    WithType(call.In(0).type(), [&]<class T>() {
      const In<T> x = call.In(0).As<T>();
      const Slices slices = SlicesOf(x);
      const Distinct distinct = Find(x, slices);
      Write(call, 1, distinct.first);
      Write(call, 2, distinct.of);
      Write(call, 3, distinct.count);
      const Out<T> y(call.abi(), 0);
      if (y.present()) WriteSlices(x, slices, distinct.first, y);
    });
  }

 private:
  template <class T>
  Slices SlicesOf(const In<T>& x) const {
    if (!has_axis_) return {x.size()};
    const int at = AxisOf(axis, x.rank(), "Unique");
    const auto count = static_cast<size_t>(x.dim(at));
    if (x.size() == 0) return {count, 1, 0};
    return {count, static_cast<size_t>(Product(x.dims(), at + 1, x.dims().size())), x.size() / count};
  }

  template <class T>
  static bool Below(T a, T b) {
    return a < b || (b != b && a == a);
  }

  template <class T>
  Distinct Find(const In<T>& x, const Slices& slices) const {
    const auto compare = [&](int64_t a, int64_t b) {
      for (size_t e = 0; e < slices.size; ++e) {
        const T of_a = x[slices.Place(static_cast<size_t>(a), e)], of_b = x[slices.Place(static_cast<size_t>(b), e)];
        if (Below(of_a, of_b)) return -1;
        if (Below(of_b, of_a)) return 1;
      }
      return 0;
    };
    std::vector<int64_t> order(slices.count);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
      const int differ = compare(a, b);
      return differ < 0 || (differ == 0 && a < b);
    });
    std::vector<int64_t> first_like(slices.count);  // for each slice, the first that equals it
    Distinct distinct;
    for (const int64_t i : order) {
      if (distinct.first.empty() || compare(distinct.first.back(), i) != 0) distinct.first.push_back(i);
      first_like[static_cast<size_t>(i)] = distinct.first.back();
    }
    if (sorted == 0) std::sort(distinct.first.begin(), distinct.first.end());
    Number(first_like, distinct);
    return distinct;
  }

  static void Number(const std::vector<int64_t>& first_like, Distinct& distinct) {
    std::vector<int64_t> number(first_like.size());
    for (size_t d = 0; d < distinct.first.size(); ++d)
      number[static_cast<size_t>(distinct.first[d])] = static_cast<int64_t>(d);
    distinct.count.resize(distinct.first.size());
    for (const int64_t first : first_like) {
      distinct.of.push_back(number[static_cast<size_t>(first)]);
      ++distinct.count[static_cast<size_t>(distinct.of.back())];
    }
  }

  static void Write(const Call& call, size_t index, const std::vector<int64_t>& numbers) {
    const Out<int64_t> out(call.abi(), index);
    if (!out.present()) return;
    out.Resize({static_cast<int64_t>(numbers.size())});
    for (size_t i = 0; i < numbers.size(); ++i) out[i] = numbers[i];
  }

  template <class T>
  void WriteSlices(const In<T>& x, const Slices& slices, const std::vector<int64_t>& which, const Out<T>& y) const {
    std::vector<int64_t> dims = {static_cast<int64_t>(which.size())};
    if (has_axis_) {
      dims.assign(x.dims().begin(), x.dims().end());
      dims[AxisOf(axis, x.rank(), "Unique")] = static_cast<int64_t>(which.size());
    }
    y.Resize(dims);
    const Slices to = {which.size(), slices.behind, slices.size};
    for (size_t i = 0; i < which.size(); ++i) {
      for (size_t e = 0; e < slices.size; ++e)
        Move(x, slices.Place(static_cast<size_t>(which[i]), e), y, to.Place(i, e));
    }
  }

  bool has_axis_ = false;
};

LAMINA_LAYER(Unique, .Onnx("lamina")
                         .Doc("the distinct elements of x, or the distinct slices along an axis")
                         .Input("x", kComparable)
                         .Output("y", kComparable)
                         .Output("indices", Types<int64_t>)
                         .Output("inverse", Types<int64_t>)
                         .Output("counts", Types<int64_t>)
                         .Attribute<&Unique::axis>("axis")
                         .Attribute<&Unique::sorted>("sorted")
                         .Example("x=string[3]{\"b\",\"a\",\"b\"} -> y=string[2]{\"a\",\"b\"} indices=i64[2]{1,0} "
                                  "inverse=i64[3]{1,0,1} counts=i64[2]{1,2}"));

}  // namespace
}  // namespace lamina::layers
