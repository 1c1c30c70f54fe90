#include <lamina/layer.h>

#include <algorithm>

#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// Puts the features of several inputs side by side as floats.
///
/// Inputs: any number of x [N, C...] or [C], f32, f64, i64 or i32, with the same N; dimensions from the second on count
/// as one.
/// Attributes: inputdimensions, one for each input: how many features it gives. Features beyond are left out, missing
/// ones are 0.
/// Outputs: y [N, sum of inputdimensions], f32.
/// Errors: a number of dimensions that is not that of the inputs, a negative one, inputs with different N.
/// Source: ai.onnx.ml FeatureVectorizer, 1; filling and cutting as onnxruntime does it.
/// Accuracy: rounded once to f32.
struct FeatureVectorizer {
  std::vector<int64_t> inputdimensions;

  void Prepare(const Node& node) {
    Require(inputdimensions.size() == node.input_count() && !inputdimensions.empty(), "FeatureVectorizer: there are ",
            inputdimensions.size(), " inputdimensions for ", node.input_count(), " inputs, expected one for each");
    for (const int64_t features : inputdimensions) {
      Require(features >= 0 && features <= kMostFeatures, "FeatureVectorizer: inputdimensions has ", features,
              ", expected 0 to ", kMostFeatures);
      total_ += features;
    }
  }

  void Infer(const Inference& inference) const {
    int64_t rows = -1;
    for (size_t i = 0; i < inference.input_count(); ++i) {
      const lamina::Input x = inference.In(i);
      if (x.rank() < 0) continue;
      Require(x.rank() > 0, "FeatureVectorizer: input ", i, " is a single number, expected [N, C] or [C]");
      const int64_t own = x.rank() == 1 ? 1 : x.dim(0);
      Require(own < 0 || rows < 0 || own == rows, "FeatureVectorizer: input ", i, " has ", own, " rows, others have ",
              rows);
      if (own >= 0) rows = own;
    }
    inference.SetOutput(0, LAMINA_F32, {rows, total_});
  }

  void Compute(const Call& call) const {
    if (call.Out(0).size() == 0) return;
    const auto rows = static_cast<size_t>(call.Out(0).dim(0)), width = static_cast<size_t>(total_);
    auto* y = static_cast<float*>(call.Out(0).data());
    size_t offset = 0;
    for (size_t i = 0; i < call.input_count(); ++i) {
      const lamina::Input x = call.In(i);
      const auto features = static_cast<size_t>(inputdimensions[i]);
      switch (x.type()) {
        case LAMINA_F64:
          Copy(x.As<double>(), rows, features, y + offset, width);
          break;
        case LAMINA_I64:
          Copy(x.As<int64_t>(), rows, features, y + offset, width);
          break;
        case LAMINA_I32:
          Copy(x.As<int32_t>(), rows, features, y + offset, width);
          break;
        default:
          Copy(x.As<float>(), rows, features, y + offset, width);
      }
      offset += features;
    }
  }

 private:
  template <class T>
  static void Copy(const In<T>& x, size_t rows, size_t features, float* y, size_t width) {
    const size_t given = rows == 0 ? 0 : x.size() / rows, taken = std::min(given, features);
    for (size_t r = 0; r < rows; ++r, y += width) {
      const T* from = x.data() + r * given;
      for (size_t j = 0; j < taken; ++j) y[j] = static_cast<float>(from[j]);
      std::fill(y + taken, y + features, 0.0f);
    }
  }

  static constexpr int64_t kMostFeatures = int64_t{1} << 24;  // of one input, so that their sum cannot overflow
  int64_t total_ = 0;
};

LAMINA_LAYER(FeatureVectorizer, .Onnx("ai.onnx.ml")
                                    .Doc("the features of all inputs side by side")
                                    .VariadicInput("x", Types<float, double, int64_t, int32_t>)
                                    .Output("y", Types<float>)
                                    .Required<&FeatureVectorizer::inputdimensions>("inputdimensions")
                                    .RowWise()
                                    .Example("inputdimensions=[3] x=i64[2,2]{1,2,3,4} -> y=f32[2,3]{1,2,0,3,4,0}"));

}  // namespace
}  // namespace lamina::layers
