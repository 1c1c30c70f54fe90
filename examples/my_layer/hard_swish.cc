// A library with two layers of one's own. Build it with the CMakeLists.txt beside it, or by hand where the SDK is installed:
//   g++ -std=c++20 -O3 -shared -fPIC -I/usr/local/include hard_swish.cc -o libmy_layer.so
#include <lamina/layer.h>

#include <algorithm>
#include <cmath>

namespace {

/// y = x * clamp(x / 6 + 0.5, 0, 1), element by element, on all threads that the host gives.
struct HardSwish {
  void Compute(lamina::In<float> x, lamina::Out<float> y, const lamina::Call& call) const {
    call.ParallelFor(x.size(), 16384, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) y[i] = x[i] * std::clamp(x[i] / 6 + 0.5f, 0.0f, 1.0f);
    });
  }
};
LAMINA_LAYER(HardSwish, .Doc("y = x * clamp(x / 6 + 0.5, 0, 1)")
                            .Onnx("my.domain")
                            .SameShape()
                            .Example("x=f32[3]{-3,0,3} -> y=f32[3]{0,0,3}"));

/// The elements that are farther than `limit` from zero, in order: a layer whose output shape the values decide.
struct Outliers {
  float limit = 3;
  void Infer(const lamina::Inference& shapes) const { shapes.SetOutput(0, LAMINA_F32, {-1}); }
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    const auto is_outlier = [this](float value) { return std::abs(value) > limit; };
    y.Resize({std::count_if(x.begin(), x.end(), is_outlier)});
    std::copy_if(x.begin(), x.end(), y.begin(), is_outlier);
  }
};
LAMINA_LAYER(Outliers, .Doc("the elements with |x| > limit, in order")
                           .Onnx("my.domain")
                           .Attribute<&Outliers::limit>("limit")
                           .Example("limit=2.0 x=f32[4]{1,-5,2,3} -> y=f32[2]{-5,3}"));

}  // namespace
