// A library of a layer whose start-up code does what START says.
#include <lamina/layer.h>

#include <cstdlib>
#include <stdexcept>

extern "C" void not_there();

namespace {

struct Twice {
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = 2 * x[i];
  }
};
LAMINA_LAYER(Twice, .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{2}"));

struct Start {
  Start() { START; }
} start;

}  // namespace
