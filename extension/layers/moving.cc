#include "extension/layers/moving.h"

namespace lamina::layers {

int AxisOf(int64_t axis, int rank, const char* layer) {
  Require(axis >= -rank && axis < rank, layer, ": axis is ", axis, ", the tensor has ", rank, " dimensions");
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::vector<int64_t> IntsIn(const Input& input) {
  std::vector<int64_t> ints(input.size());
  for (size_t i = 0; i < ints.size(); ++i)
    ints[i] = input.Is<int64_t>() ? input.As<int64_t>()[i] : input.As<int32_t>()[i];
  return ints;
}

std::optional<std::vector<int64_t>> KnownInts(const Input& input) {
  if (!input.present() || (input.size() > 0 && !input.data())) return std::nullopt;
  for (const int64_t dim : input.dims()) {
    if (dim < 0) return std::nullopt;
  }
  if (input.rank() < 0) return std::nullopt;
  return IntsIn(input);
}

int64_t CheckedSum(int64_t a, int64_t b, const char* layer) {
  int64_t sum;
  Require(!__builtin_add_overflow(a, b, &sum), layer, ": ", a, " and ", b, " together are beyond 64 bits");
  return sum;
}

int64_t CheckedProduct(int64_t a, int64_t b, const char* layer) {
  int64_t product;
  Require(!__builtin_mul_overflow(a, b, &product), layer, ": ", a, " times ", b, " is beyond 64 bits");
  return product;
}

int64_t Product(std::span<const int64_t> dims, size_t begin, size_t end) {
  int64_t product = 1;
  for (size_t i = begin; i < end; ++i) product *= dims[i];
  return product;
}

}  // namespace lamina::layers
