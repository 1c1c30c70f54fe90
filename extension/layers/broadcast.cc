#include "extension/layers/broadcast.h"

#include <algorithm>

namespace lamina::layers {

std::vector<int64_t> BroadcastShape(std::span<const int64_t> a, std::span<const int64_t> b, const char* layer) {
  std::vector<int64_t> shape(std::max(a.size(), b.size()));
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t m = i <= a.size() ? a[a.size() - i] : 1, n = i <= b.size() ? b[b.size() - i] : 1;
    Require(m == n || m == 1 || n == 1 || m < 0 || n < 0, layer, ": the inputs' dimensions ", m, " and ", n,
            " (number ", i, " from the end) don't fit, expected equal ones or 1");
    // A known dimension beyond 1 decides; 1 beside an unknown one leaves it unknown.
    shape[shape.size() - i] = m == 1 ? n : n == 1 || m == n ? m : std::max(m, n);
  }
  return shape;
}

void InferBroadcast(const Inference& inference, size_t inputs, int32_t type, const char* layer) {
  std::vector<int64_t> shape;
  for (size_t i = 0; i < inputs; ++i) {
    if (inference.In(i).rank() < 0) return inference.SetOutputOfAnyShape(0, type);
    shape = BroadcastShape(shape, inference.In(i).dims(), layer);
  }
  inference.SetOutput(0, type, shape);
}

}  // namespace lamina::layers
