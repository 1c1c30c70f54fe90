// Rows of any type as rows of floats that compare with the trees' cuts as the originals do.
#ifndef LAMINA_EXTENSION_FOREST_FLOAT_ROWS_H_
#define LAMINA_EXTENSION_FOREST_FLOAT_ROWS_H_

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "extension/forest/forest.h"
#include "extension/forest/layout.h"

namespace lamina::forest {

/// A part of the rows, the same stride. Floats are not copied.
class FloatRows {
 public:
  /// REQUIRES: for doubles, rounding other than kNone.
  FloatRows(const Rows& rows, size_t begin, size_t end, Rounding rounding) {
    const size_t first = begin * rows.stride, last = end * rows.stride;
    if (rows.type == RowType::kFloat) {
      data_ = static_cast<const float*>(rows.data) + first;
      return;
    }
    if (rows.type == RowType::kInt32)
      copy_.assign(static_cast<const int32_t*>(rows.data) + first, static_cast<const int32_t*>(rows.data) + last);
    if (rows.type == RowType::kInt64)
      copy_.assign(static_cast<const int64_t*>(rows.data) + first, static_cast<const int64_t*>(rows.data) + last);
    if (rows.type == RowType::kDouble) {
      copy_.resize(last - first);
      for (size_t i = first; i < last; ++i)
        copy_[i - first] = Round(static_cast<const double*>(rows.data)[i], rounding);
    }
    data_ = copy_.data();
  }

  const float* data() const { return data_; }

 private:
  static float Round(double x, Rounding rounding) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const auto near = static_cast<float>(x);
    if (rounding == Rounding::kUp && near < x) return std::nextafter(near, kInfinity);
    if (rounding == Rounding::kDown && near > x) return std::nextafter(near, -kInfinity);
    return near;
  }

  const float* data_ = nullptr;
  std::vector<float> copy_;
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_FLOAT_ROWS_H_
