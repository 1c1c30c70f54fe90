#include "extension/layers/index_walk.h"

namespace lamina::layers {

IndexWalk::IndexWalk(std::vector<int64_t> dims, std::vector<int64_t> strides, int64_t first)
    : dims_(std::move(dims)), strides_(std::move(strides)), at_(dims_.size()), place_(first) {
  for (const int64_t dim : dims_) size_ *= static_cast<size_t>(dim);
}

void IndexWalk::Next() {
  for (size_t i = dims_.size(); i-- > 0;) {
    place_ += strides_[i];
    if (++at_[i] < dims_[i]) return;
    place_ -= strides_[i] * dims_[i];
    at_[i] = 0;
  }
}

std::vector<int64_t> StridesOf(std::span<const int64_t> dims) {
  std::vector<int64_t> strides(dims.size());
  int64_t stride = 1;
  for (size_t i = dims.size(); i-- > 0;) {
    strides[i] = stride;
    stride =
        static_cast<int64_t>(static_cast<uint64_t>(stride) * static_cast<uint64_t>(dims[i]));  // of an empty tensor
  }
  return strides;
}

IndexWalk BroadcastWalk(std::span<const int64_t> from, std::span<const int64_t> to) {
  const std::vector<int64_t> own = StridesOf(from);
  std::vector<int64_t> strides(to.size());
  for (size_t i = 1; i <= from.size(); ++i)
    strides[to.size() - i] = from[from.size() - i] == 1 ? 0 : own[from.size() - i];
  return {{to.begin(), to.end()}, std::move(strides)};
}

}  // namespace lamina::layers
