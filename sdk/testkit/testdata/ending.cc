// Layers that end their process, each in its way, among others.
#include <lamina/layer.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

using lamina::In;
using lamina::Out;

#ifdef HANGS
struct Hangs {
  void Compute(In<float>, Out<float>) const {
    for (;;) pause();
  }
};
LAMINA_LAYER(Hangs, .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{2}"));
#else
struct Aborts {
  void Prepare(const lamina::Node&) { std::abort(); }
  void Compute(In<float>, Out<float>) const {}
};
LAMINA_LAYER(Aborts, .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{2}"));

struct Faults {
  void Compute(In<float> x, Out<float> y) const { x[0] > 1 ? void(std::raise(SIGSEGV)) : void(y[0] = x[0]); }
};
LAMINA_LAYER(Faults,
             .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{1}").Example("x=f32[1]{2} -> y=f32[1]{2}"));

struct Lies {
  void Compute(In<float> x, Out<float> y) const {
    std::printf("the layer prints\n");
    y[0] = x[0];
  }
};
LAMINA_LAYER(Lies, .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{3}"));

// Where nothing catches.
struct Throws {
  void Compute(In<float>, Out<float>) const {
    std::thread([] { throw lamina::Error("the sensor is gone"); }).join();
  }
};
LAMINA_LAYER(Throws, .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{2}"));

struct Exits {
  void Compute(In<float>, Out<float>) const { _exit(3); }
};
LAMINA_LAYER(Exits, .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{2}"));
#endif

struct Right {
  void Compute(In<float> x, Out<float> y) const { y[0] = x[0]; }
};
LAMINA_LAYER(Right, .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{1}"));

struct AlsoLies {
  void Compute(In<float> x, Out<float> y) const { y[0] = x[0]; }
};
LAMINA_LAYER(AlsoLies, .Onnx("test").SameShape().Example("x=f32[1]{1} -> y=f32[1]{4}"));
