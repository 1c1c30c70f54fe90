#include <lamina/layer.h>

#include <cstring>

#include "extension/layers/index_walk.h"
#include "extension/layers/moving.h"

namespace lamina::layers {
namespace {

/// y = x with elements added (or, by negative pads, taken away) before and behind along some dimensions.
///
/// Inputs: x, of any type but string; pads, i64 or i32 [2 A]: how many before each axis, then behind each; optional:
/// one constant_value of x's type (default 0), axes (default: all).
/// Attributes: mode constant (default), edge, reflect or wrap. Version 2 has pads and value as attributes.
/// Outputs: y, of x's type.
/// Errors: another mode, a number of pads that is not twice that of the axes, more taken away than there is, reflect or
/// edge of an empty dimension.
/// Source: ai.onnx Pad, 2 to 25; in domain `lamina` for 64-bit values.
/// Accuracy: to the bit.
struct Pad {
  std::string mode = "constant";
  std::vector<int64_t> pads;
  float value = 0;

  void Prepare(const Node&) {
    Require(mode == "constant" || mode == "edge" || mode == "reflect" || mode == "wrap", "Pad: mode is '", mode,
            "', expected constant, edge, reflect or wrap");
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0), constant = inference.In(2);
    Require(!constant.present() || constant.type() == x.type() || constant.type() == LAMINA_DYNAMIC ||
                x.type() == LAMINA_DYNAMIC,
            "Pad: x is ", TypeName(x.type()), " and constant_value ",
            TypeName(constant.present() ? constant.type() : 0), ", expected one type");
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, x.type());
    std::vector<int64_t> dims(x.dims().size(), -1);
    const auto known = inference.In(1).present() ? KnownInts(inference.In(1)) : pads;
    const auto axes = inference.In(3).present() ? KnownInts(inference.In(3)) : std::vector<int64_t>();
    if (known && axes) {
      const std::vector<int64_t> all = AllPads(*known, *axes, x.rank());
      for (size_t i = 0; i < dims.size(); ++i)
        dims[i] = x.dims()[i] < 0 ? -1 : Padded(x.dims()[i], all[i], all[i + dims.size()]);
    }
    inference.SetOutput(0, x.type(), dims);
  }

  void Compute(const Call& call) const {
    const lamina::Input in = call.In(0);
    const std::vector<int64_t> all =
        AllPads(call.In(1).present() ? IntsIn(call.In(1)) : pads,
                call.In(3).present() ? IntsIn(call.In(3)) : std::vector<int64_t>(), in.rank());
    std::vector<int64_t> dims(in.dims().begin(), in.dims().end());
    std::vector<std::vector<int64_t>> sources;  // along each dimension: where the element comes from, or kAdded
    const std::vector<int64_t> strides = StridesOf(in.dims());
    for (size_t i = 0; i < dims.size(); ++i) {
      sources.push_back(Sources(dims[i], all[i], all[i + dims.size()], strides[i]));
      dims[i] = static_cast<int64_t>(sources[i].size());
    }
    const lamina::Output out = call.Out(0);
    out.Resize(dims);
    WithElements(in.type(), [&]<class T>() {
      if constexpr (!std::is_same_v<T, std::string_view>)
        Fill(in.As<T>(), Constant<T>(call), sources, Out<T>(call.abi(), 0));
    });
  }

 private:
  static constexpr int64_t kAdded = -1;
  static constexpr int64_t kMostPads = int64_t{1} << 48;  // no tensor has more

  static std::vector<int64_t> AllPads(const std::vector<int64_t>& given, const std::vector<int64_t>& axes, int rank) {
    const size_t count = axes.empty() ? static_cast<size_t>(rank) : axes.size();
    Require(given.size() == 2 * count, "Pad: there are ", given.size(), " pads for ", count,
            " axes, expected two for each");
    std::vector<int64_t> all(2 * static_cast<size_t>(rank));
    for (size_t i = 0; i < count; ++i) {
      const int axis = axes.empty() ? static_cast<int>(i) : AxisOf(axes[i], rank, "Pad");
      all[axis] = given[i];
      all[axis + rank] = given[i + count];
    }
    return all;
  }

  static int64_t Padded(int64_t dim, int64_t before, int64_t behind) {
    for (const int64_t pad : {before, behind})
      Require(pad >= -kMostPads && pad <= kMostPads, "Pad: pads has ", pad, ", expected ", -kMostPads, " to ",
              kMostPads);
    const int64_t size = CheckedSum(dim, before + behind, "Pad");
    Require(size >= 0, "Pad: ", -before - behind, " elements are taken away from a dimension of ", dim);
    return size;
  }

  std::vector<int64_t> Sources(int64_t dim, int64_t before, int64_t behind, int64_t stride) const {
    const int64_t size = Padded(dim, before, behind);
    Require(dim > 0 || size == 0 || mode == "constant", "Pad: mode ", mode, " of an empty dimension");
    std::vector<int64_t> sources(static_cast<size_t>(size));
    for (int64_t i = 0; i < size; ++i) {
      const int64_t from = SourceOf(i - before, dim);
      sources[i] = from < 0 ? kAdded : from * stride;
    }
    return sources;
  }
  int64_t SourceOf(int64_t i, int64_t dim) const {
    if (i >= 0 && i < dim) return i;
    if (mode == "constant") return kAdded;
    if (mode == "edge") return i < 0 ? 0 : dim - 1;
    const auto modulo = [](int64_t a, int64_t n) { return (a % n + n) % n; };
    if (mode == "wrap") return modulo(i, dim);
    if (dim == 1) return 0;
    const int64_t period = modulo(i, 2 * (dim - 1));  // there and back without the ends twice
    return period < dim ? period : 2 * (dim - 1) - period;
  }

  /// The constant, bit for bit: of the input, or of the attribute.
  template <class T>
  T Constant(const Call& call) const {
    if (call.In(2).present() && call.In(2).size() > 0) return call.In(2).As<T>()[0];
    T bits = 0;
    if (call.In(0).Is<float>()) std::memcpy(&bits, &value, std::min(sizeof(bits), sizeof(value)));
    const double wide = value;
    if (call.In(0).Is<double>()) std::memcpy(&bits, &wide, std::min(sizeof(bits), sizeof(wide)));
    return call.In(0).Is<float>() || call.In(0).Is<double>() ? bits : static_cast<T>(static_cast<int64_t>(value));
  }

  template <class T>
  static void Fill(const In<T>& x, T constant, const std::vector<std::vector<int64_t>>& sources, const Out<T>& y) {
    std::vector<size_t> at(sources.size());
    for (size_t to = 0; to < y.size(); ++to) {
      int64_t from = 0;
      for (size_t i = 0; i < at.size() && from >= 0; ++i)
        from = sources[i][at[i]] == kAdded ? kAdded : from + sources[i][at[i]];
      y[to] = from < 0 ? constant : x[static_cast<size_t>(from)];
      for (size_t i = at.size(); i-- > 0;) {
        if (++at[i] < sources[i].size()) break;
        at[i] = 0;
      }
    }
  }
};

constexpr uint64_t kNoStrings = kMovable & ~Types<std::string_view>;

LAMINA_LAYER(Pad, .Onnx("lamina")
                      .Doc("y = x with elements added before and behind")
                      .Input("x", kNoStrings)
                      .OptionalInput("pads", Types<int64_t, int32_t>)
                      .OptionalInput("constant_value", kNoStrings)
                      .OptionalInput("axes", Types<int64_t, int32_t>)
                      .Output("y", kNoStrings)
                      .Attribute<&Pad::mode>("mode")
                      .Attribute<&Pad::pads>("pads")
                      .Attribute<&Pad::value>("value")
                      .Example("x=i64[2]{1,1099511627783} pads=i64[2]{1,2} constant_value=i64[1]{9} "
                               "-> y=i64[5]{9,1,1099511627783,9,9}")
                      .Example("mode=\"reflect\" x=i64[3]{1,2,3} pads=i64[2]{2,-1} -> y=i64[4]{3,2,1,2}"));

}  // namespace
}  // namespace lamina::layers
