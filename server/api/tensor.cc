#include "server/api/tensor.h"

namespace lamina::server {

std::optional<size_t> ElementCount(std::span<const int64_t> shape) {
  size_t count = 1;
  bool empty = false;
  for (const int64_t dimension : shape) {
    if (dimension < 0) return std::nullopt;
    if (dimension == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(count, static_cast<size_t>(dimension), &count)) {
      return std::nullopt;
    }
  }
  return empty ? 0 : count;
}

std::string ShapeText(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + "]";
}

}  // namespace lamina::server
