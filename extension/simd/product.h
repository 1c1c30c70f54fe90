// Products and distances of many rows with a packed set of rows: what linear models, support vectors and CDist need.
//
// Packed once (when a model is prepared), shared by all threads. The functions choose their instruction set at run time
// and start no threads.
#ifndef LAMINA_EXTENSION_SIMD_PRODUCT_H_
#define LAMINA_EXTENSION_SIMD_PRODUCT_H_

#include <cstddef>
#include <memory>
#include <vector>

namespace lamina::simd {

/// `count` rows of `depth` values, laid out in panels: 64 bytes across the rows, then the next value of each.
template <class T>
class Packed {
 public:
  static constexpr size_t kWidth = 64 / sizeof(T);

  Packed() = default;
  /// Copies rows that lie `depth` apart.
  Packed(const T* rows, size_t count, size_t depth);

  size_t count() const { return count_; }
  size_t depth() const { return depth_; }
  size_t panels() const { return (count_ + kWidth - 1) / kWidth; }
  /// [depth][kWidth], padded with zeros.
  const T* panel(size_t i) const { return values_.data() + i * depth_ * kWidth; }

 private:
  size_t count_ = 0, depth_ = 0;
  std::vector<T> values_;
};

/// out[r][c] = sum over k of x[r][k] * packed[c][k], plus bias[c] unless it is null. Sums are made in the order of k.
void Products(const float* x, size_t rows, const Packed<float>& packed, const float* bias, float* out);
void Products(const double* x, size_t rows, const Packed<double>& packed, const double* bias, double* out);

/// out[r][c] = sum over k of (x[r][k] - packed[c][k])^2.
void SquaredDistances(const float* x, size_t rows, const Packed<float>& packed, float* out);
void SquaredDistances(const double* x, size_t rows, const Packed<double>& packed, double* out);

/// out[r] = sum over k of x[r][k] * w[k], plus bias: the product with a single row.
void Products(const float* x, size_t rows, const float* w, size_t depth, float bias, float* out);

/// The sum of a[i] * b[i], in f64.
double Dot(const float* a, const float* b, size_t n);

}  // namespace lamina::simd

#endif  // LAMINA_EXTENSION_SIMD_PRODUCT_H_
