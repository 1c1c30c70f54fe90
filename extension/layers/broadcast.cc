#include "extension/layers/broadcast.h"

#include <algorithm>

namespace lamina::layers {

std::vector<int64_t> BroadcastShape(std::span<const int64_t> a, std::span<const int64_t> b, const char* layer) {
  std::vector<int64_t> shape(std::max(a.size(), b.size()));
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t m = i <= a.size() ? a[a.size() - i] : 1, n = i <= b.size() ? b[b.size() - i] : 1;
    Require(m == n || m == 1 || n == 1 || m < 0 || n < 0, layer, ": the inputs' dimensions ", m, " and ", n, " (number ", i,
            " from the end) don't fit, expected equal ones or 1");
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

BroadcastWalk::BroadcastWalk(std::span<const int64_t> from, std::span<const int64_t> to)
    : dims_(to.begin(), to.end()), strides_(to.size()), at_(to.size()) {
  is_plain_ = std::equal(from.begin(), from.end(), to.begin(), to.end());
  int64_t stride = 1;
  for (size_t i = 1; i <= from.size(); ++i) {
    const int64_t dim = from[from.size() - i];
    strides_[to.size() - i] = dim == 1 ? 0 : stride;
    stride *= dim;
  }
}

void BroadcastWalk::Next() {
  if (is_plain_) {
    ++place_;
    return;
  }
  for (size_t i = dims_.size(); i-- > 0;) {
    place_ += static_cast<size_t>(strides_[i]);
    if (++at_[i] < dims_[i]) return;
    place_ -= static_cast<size_t>(strides_[i] * dims_[i]);
    at_[i] = 0;
  }
}

}  // namespace lamina::layers
