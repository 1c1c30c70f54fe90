#include <lamina/layer.h>

#include <algorithm>
#include <limits>

#include "extension/layers/index_walk.h"
#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// y = x[start : end : step] along some dimensions.
///
/// Inputs: x, of any type; starts, ends, and perhaps axes and steps, i64 or i32, of one length: negative starts and
/// ends count from the end and are cut to the dimension. Version 1 has starts, ends and axes as attributes.
/// Outputs: y, of x's type.
/// Errors: lists of different length, an axis that is not there or there twice, a step of 0.
/// Source: ai.onnx Slice, 1, 10, 11 and 13; in domain `lamina` for strings.
/// Accuracy: to the bit.
struct Slice {
  std::vector<int64_t> starts, ends, axes;

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, x.type());
    Lists lists = {starts, ends, axes, {}};
    bool is_known = true;
    for (size_t i = 1; i < inference.input_count(); ++i) {
      if (!inference.In(i).present()) continue;
      const auto known = KnownInts(inference.In(i));
      is_known = is_known && known;
      if (known) lists.At(i) = *known;
    }
    std::vector<int64_t> dims(x.dims().size(), -1);
    for (size_t i = 0; is_known && i < dims.size(); ++i) dims[i] = CutsOf(lists, x)[i].count;
    inference.SetOutput(0, x.type(), dims);
  }

  void Compute(const Call& call) const {
    const lamina::Input in = call.In(0);
    Lists lists = {starts, ends, axes, {}};
    for (size_t i = 1; i < call.input_count(); ++i) {
      if (call.In(i).present()) lists.At(i) = IntsIn(call.In(i));
    }
    const std::vector<Cut> cuts = CutsOf(lists, in);
    std::vector<int64_t> dims, strides = StridesOf(in.dims());
    int64_t first = 0;
    for (size_t i = 0; i < cuts.size(); ++i) {
      dims.push_back(cuts[i].count);
      first += cuts[i].start * strides[i];
      strides[i] *= cuts[i].step;
    }
    const lamina::Output out = call.Out(0);
    out.Resize(dims);
    WithElements(in.type(), [&]<class T>() {
      const auto x = in.As<T>();
      const Out<T> y(call.abi(), 0);
      IndexWalk walk(dims, strides, first);
      for (size_t i = 0; i < walk.size(); ++i, walk.Next()) Move(x, walk.place(), y, i);
    });
  }

 private:
  struct Lists {
    std::vector<int64_t> starts, ends, axes, steps;
    std::vector<int64_t>& At(size_t input) {
      return input == 1 ? starts : input == 2 ? ends : input == 3 ? axes : steps;
    }
  };
  struct Cut {
    int64_t start = 0, step = 1, count = 0;  // count -1: not known
  };

  static Cut CutOf(int64_t dim, int64_t start, int64_t end, int64_t step) {
    Require(step != 0, "Slice: a step is 0");
    if (dim < 0) return {0, 1, -1};
    const auto cut = [&](int64_t at) {
      if (at < 0) at = at < -dim ? -1 : at + dim;
      return step > 0 ? std::clamp<int64_t>(at, 0, dim) : std::clamp<int64_t>(at, -1, dim - 1);
    };
    const int64_t from = cut(start), to = cut(end);
    const int64_t span = step > 0 ? to - from : from - to, stride = step > 0 ? step : -step;
    const int64_t count = span <= 0 ? 0 : (span - 1) / stride + 1;
    return {from, count > 1 ? step : 1, count};  // a step beyond the dimension is not taken
  }

  static std::vector<Cut> CutsOf(const Lists& lists, const lamina::Input& x) {
    const size_t n = lists.starts.size();
    Require(lists.ends.size() == n && (lists.axes.empty() || lists.axes.size() == n) &&
                (lists.steps.empty() || lists.steps.size() == n),
            "Slice: there are ", n, " starts, ", lists.ends.size(), " ends, ", lists.axes.size(), " axes and ",
            lists.steps.size(), " steps, expected as many of each");
    std::vector<Cut> cuts;
    std::vector<bool> is_cut(x.dims().size());
    for (const int64_t dim : x.dims()) cuts.push_back({0, 1, dim});
    for (size_t i = 0; i < n; ++i) {
      const int axis = AxisOf(lists.axes.empty() ? static_cast<int64_t>(i) : lists.axes[i], x.rank(), "Slice");
      Require(!is_cut[axis], "Slice: axis ", axis, " is there twice");
      is_cut[axis] = true;
      // The lowest of all integers stands for "before the beginning", also when it can't be negated.
      const int64_t step = lists.steps.empty() ? 1 : std::max(lists.steps[i], -std::numeric_limits<int64_t>::max());
      cuts[axis] = CutOf(x.dim(axis), lists.starts[i], lists.ends[i], step);
    }
    return cuts;
  }
};

LAMINA_LAYER(Slice, .Onnx("lamina")
                        .Doc("y = x[start : end : step]")
                        .Input("x", kMovable)
                        .OptionalInput("starts", Types<int64_t, int32_t>)
                        .OptionalInput("ends", Types<int64_t, int32_t>)
                        .OptionalInput("axes", Types<int64_t, int32_t>)
                        .OptionalInput("steps", Types<int64_t, int32_t>)
                        .Output("y", kMovable)
                        .Attribute<&Slice::starts>("starts")
                        .Attribute<&Slice::ends>("ends")
                        .Attribute<&Slice::axes>("axes")
                        .Example("x=string[3]{\"a\",\"b\",\"c\"} starts=i64[1]{-1} ends=i64[1]{-10} axes=i64[1]{0} "
                                 "steps=i64[1]{-2} -> y=string[2]{\"c\",\"a\"}"));

}  // namespace
}  // namespace lamina::layers
