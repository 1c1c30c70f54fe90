#include <lamina/layer.h>

#include <algorithm>

#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// A map from class labels to scores for each row, as a tensor: the scores themselves, column i for label i.
///
/// Inputs: x [N, C] or [C], f32.
/// Attributes: classlabels_strings or classlabels_int64s (C).
/// Outputs: z [N, C], f32.
/// Errors: labels of neither or both kinds, a number of them that is not C.
/// Source: ai.onnx.ml ZipMap, 1; there the output is a sequence of maps, which has no tensor form.
/// Accuracy: to the bit.
struct ZipMap {
  std::vector<std::string> classlabels_strings;
  std::vector<int64_t> classlabels_int64s;

  void Prepare(const Node&) {
    Require(classlabels_strings.empty() != classlabels_int64s.empty(), "ZipMap: there are ", classlabels_strings.size(),
            " string labels and ", classlabels_int64s.size(), " integer labels, expected one kind of them");
  }

  void Infer(const Inference& inference) const {
    const size_t labels = std::max(classlabels_strings.size(), classlabels_int64s.size());
    inference.SetOutput(0, LAMINA_F32, {RowsOf(inference.In(0), "ZipMap", labels).rows, static_cast<int64_t>(labels)});
  }

  void Compute(In<float> x, Out<float> z) const { std::copy(x.begin(), x.end(), z.data()); }
};

LAMINA_LAYER(ZipMap, .Onnx("ai.onnx.ml")
                         .Doc("scores as a tensor, column i for class label i")
                         .Inputs("x")
                         .Outputs("z")
                         .Attribute<&ZipMap::classlabels_strings>("classlabels_strings")
                         .Attribute<&ZipMap::classlabels_int64s>("classlabels_int64s")
                         .Example("classlabels_int64s=[3,4] x=f32[1,2]{0.25,0.75} -> z=f32[1,2]{0.25,0.75}"));

}  // namespace
}  // namespace lamina::layers
