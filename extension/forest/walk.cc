#include "extension/forest/walk.h"

#include <algorithm>
#include <cstdint>

namespace lamina::forest {
namespace {

double ValueAt(const Rows& rows, size_t row, size_t feature) {
  const size_t at = row * rows.stride + feature;
  switch (rows.type) {
    case RowType::kFloat:
      return static_cast<const float*>(rows.data)[at];
    case RowType::kDouble:
      return static_cast<const double*>(rows.data)[at];
    case RowType::kInt32:
      return static_cast<float>(static_cast<const int32_t*>(rows.data)[at]);
    case RowType::kInt64:
      return static_cast<float>(static_cast<const int64_t*>(rows.data)[at]);
  }
  return 0;
}

template <class T>
T Combine(Aggregate aggregate, bool first, T a, T b) {
  if (aggregate == Aggregate::kMin) return first || b < a ? b : a;
  if (aggregate == Aggregate::kMax) return first || b > a ? b : a;
  return a + b;
}

}  // namespace

template <class T>
void WalkRows(const Layout& layout, const Rows& rows, size_t begin, size_t end, T* scores, char* has) {
  for (size_t row = begin; row < end; ++row, has += layout.targets) {
    T* out = scores + row * layout.targets;
    std::fill_n(out, layout.targets, T(0));
    for (const Tree& tree : layout.trees) {
      const uint32_t leaf = tree.Walk([&](uint32_t feature) { return ValueAt(rows, row, feature); });
      for (const Weight& w : tree.LeafWeights(leaf)) {
        out[w.target] = Combine(layout.aggregate, !has[w.target], out[w.target], static_cast<T>(w.value));
        has[w.target] = 1;
      }
    }
  }
}

template void WalkRows(const Layout&, const Rows&, size_t, size_t, float*, char*);
template void WalkRows(const Layout&, const Rows&, size_t, size_t, double*, char*);

}  // namespace lamina::forest
