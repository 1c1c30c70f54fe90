// A library of layers that end their process, and of one that is wrong in a better-mannered way.
#include <lamina/layer.h>

#include <cstdlib>

struct Aborts {
  void Compute(lamina::In<float>, lamina::Out<float>) const { std::abort(); }
};
LAMINA_LAYER(Aborts, .SameShape().Onnx("test").Example("x=f32[1]{1} -> y=f32[1]{2}"));

struct Exits {
  void Compute(lamina::In<float>, lamina::Out<float>) const { std::_Exit(0); }
};
LAMINA_LAYER(Exits, .SameShape().Onnx("test").Example("x=f32[1]{1} -> y=f32[1]{2}"));

struct Lies {
  void Compute(lamina::In<float> x, lamina::Out<float> y) const { y[0] = x[0]; }
};
LAMINA_LAYER(Lies, .SameShape().Onnx("test").Example("x=f32[1]{1} -> y=f32[1]{2}"));
