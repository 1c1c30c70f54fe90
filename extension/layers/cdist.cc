#include <lamina/layer.h>

#include <cmath>

#include "extension/layers/rows.h"
#include "extension/simd/product.h"

namespace lamina::layers {
namespace {

/// c[i, j] = the Euclidean distance between row i of a and row j of b, or its square.
///
/// Inputs: a [M, K], b [N, K], both f32 or both f64.
/// Attributes: metric "euclidean" or "sqeuclidean" (default).
/// Outputs: c [M, N], of a's type.
/// Errors: another metric, other ranks, rows of different length.
/// Source: com.microsoft CDist, 1.
/// Accuracy: K units in the last place: differences are squared, nothing cancels.
struct CDist {
  std::string metric = "sqeuclidean";

  void Prepare(const Node&) {
    Require(metric == "euclidean" || metric == "sqeuclidean", "CDist: metric is '", metric,
            "', expected euclidean or sqeuclidean");
  }

  void Infer(const Inference& inference) const {
    const lamina::Input a = inference.In(0), b = inference.In(1);
    int64_t rows[2] = {-1, -1}, depth[2] = {-1, -1};
    for (int i = 0; i < 2; ++i) {
      const lamina::Input x = i == 0 ? a : b;
      if (x.rank() < 0) continue;
      Require(x.rank() == 2, "CDist: input ", i, " has ", x.rank(), " dimensions, expected 2");
      rows[i] = x.dim(0);
      depth[i] = x.dim(1);
    }
    Require(depth[0] < 0 || depth[1] < 0 || depth[0] == depth[1], "CDist: rows of the inputs have ", depth[0], " and ",
            depth[1], " values, expected as many in both");
    inference.SetOutput(0, a.type(), {rows[0], rows[1]});
  }

  template <class T>
  void Compute(In<T> a, In<T> b, Out<T> c, const Call& call) const {
    if (c.size() == 0) return;
    const auto depth = static_cast<size_t>(b.dim(1)), columns = static_cast<size_t>(b.dim(0));
    const simd::Packed<T> packed(b.data(), columns, depth);
    call.ParallelFor(static_cast<size_t>(a.dim(0)), Grain(depth * columns), [&](size_t begin, size_t end) {
      simd::SquaredDistances(a.data() + begin * depth, end - begin, packed, c.data() + begin * columns);
      if (metric == "euclidean") {
        for (size_t i = begin * columns; i < end * columns; ++i) c[i] = std::sqrt(c[i]);
      }
    });
  }
};

LAMINA_LAYER(CDist, .Onnx("com.microsoft")
                        .Doc("c[i, j] = the distance between row i of a and row j of b")
                        .ForTypes<float, double>()
                        .Inputs("a", "b")
                        .Outputs("c")
                        .Attribute<&CDist::metric>("metric")
                        .Example("metric=\"euclidean\" a=f32[1,2]{0,0} b=f32[2,2]{3,4,0,1} -> c=f32[1,2]{5,1}"));

}  // namespace
}  // namespace lamina::layers
