#ifndef LAMINA_TESTS_FUZZ_CHECK_TENSORS_H_
#define LAMINA_TESTS_FUZZ_CHECK_TENSORS_H_

#include <cstdlib>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>

#include "server/api/tensor.h"

namespace lamina::server {

inline void Require(bool condition) {
  if (!condition) std::abort();
}

/// Tensors that a reader has let through have as many elements as their shape says, and all of them can be read.
inline void CheckTensors(std::span<const InputTensor> tensors) {
  unsigned sum = 0;
  for (const InputTensor& tensor : tensors) {
    const std::optional<size_t> count = ElementCount(tensor.shape);
    Require(count.has_value());
    if (tensor.type == ElementType::kString) {
      Require(tensor.strings.size() == *count && tensor.data.empty());
      for (const std::string_view text : tensor.strings) sum = std::accumulate(text.begin(), text.end(), sum);
    } else {
      Require(tensor.data.size() == *count * ElementSize(tensor.type) && tensor.strings.empty());
      for (const std::byte byte : tensor.data) sum += static_cast<unsigned>(byte);
    }
    sum = std::accumulate(tensor.name.begin(), tensor.name.end(), sum);
  }
  volatile unsigned seen = sum;  // so that the reads are not left out
  static_cast<void>(seen);
}

}  // namespace lamina::server

#endif  // LAMINA_TESTS_FUZZ_CHECK_TENSORS_H_
