// A library of one layer whose operator and example are right, or not, or not there, as EXAMPLE says.
#include <lamina/layer.h>

struct Twice {
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = 2 * x[i];
  }
};
LAMINA_LAYER(Twice, .SameShape() EXAMPLE);
