// Elements of one tensor in the order of another: broadcast, sliced, repeated, transposed.
#ifndef LAMINA_EXTENSION_LAYERS_INDEX_WALK_H_
#define LAMINA_EXTENSION_LAYERS_INDEX_WALK_H_

#include <lamina/context.h>

#include <vector>

namespace lamina::layers {

/// Walks all places of a box of `dims` in row-major order; each step along dimension i moves `strides[i]` elements in a
/// tensor, from element `first` on. A stride may be 0 or negative.
class IndexWalk {
 public:
  IndexWalk(std::vector<int64_t> dims, std::vector<int64_t> strides, int64_t first = 0);

  /// How many places there are.
  size_t size() const { return size_; }
  /// The element of the tensor.
  size_t place() const { return static_cast<size_t>(place_); }
  void Next();

 private:
  std::vector<int64_t> dims_, strides_, at_;
  int64_t place_;
  size_t size_ = 1;
};

/// How many elements lie between neighbours along each dimension.
std::vector<int64_t> StridesOf(std::span<const int64_t> dims);

/// The walk that broadcasts `from` to `to`. REQUIRES: it does.
IndexWalk BroadcastWalk(std::span<const int64_t> from, std::span<const int64_t> to);

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_INDEX_WALK_H_
