// Value: a tensor that owns what it holds, for tests and examples.
#ifndef LAMINA_SDK_TESTKIT_VALUE_H_
#define LAMINA_SDK_TESTKIT_VALUE_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "lamina/types.h"

namespace lamina::testkit {

struct Value {
  int32_t type = LAMINA_DYNAMIC;
  std::vector<int64_t> dims;
  std::vector<uint8_t> bytes;        // of every type but strings
  std::vector<std::string> strings;  // of strings
  bool absent = false;               // an optional input that is not given

  /// A tensor of these dimensions and elements in row-major order; T may be std::string.
  template <class T>
  static Value Of(std::vector<int64_t> dims, const std::vector<T>& elements) {
    Value value;
    value.dims = std::move(dims);
    if constexpr (std::is_same_v<T, std::string>) {
      value.type = LAMINA_STRING;
      value.strings = elements;
    } else {
      value.type = kTypeCode<T>;
      value.bytes.resize(elements.size() * sizeof(T));
      for (size_t i = 0; i < elements.size(); ++i) {
        const T element = elements[i];
        std::memcpy(value.bytes.data() + i * sizeof(T), &element, sizeof(T));
      }
    }
    return value;
  }
  static Value Strings(std::vector<int64_t> dims, const std::vector<std::string>& elements) {
    return Of<std::string>(std::move(dims), elements);
  }
  static Value Absent() {
    Value value;
    value.absent = true;
    return value;
  }
  /// Of a type and dimensions, all zeros.
  static Value Zeros(int32_t type, std::vector<int64_t> dims);

  /// The elements. REQUIRES: type == kTypeCode<T>.
  template <class T>
  std::vector<T> As() const {
    std::vector<T> elements(bytes.size() / sizeof(T));
    if (!bytes.empty()) std::memcpy(elements.data(), bytes.data(), bytes.size());
    return elements;
  }
  size_t size() const;
};

/// Bits of an element; strings have none.
size_t BitsOf(int32_t type);

/// Empty if equal in type, dimensions and elements (floating point: within atol + rtol * |expected|, NaN equal to NaN,
/// infinities exactly), else a sentence with the first difference.
std::string Difference(const Value& got, const Value& expected, double atol = 0, double rtol = 0);

/// The same as Difference, but what counts are bits: 0 is not -0. NaN is equal to NaN all the same.
std::string DifferenceInBits(const Value& got, const Value& expected);

/// "f32[3]{-1, 0, 2}"; long ones are cut.
std::string ToString(const Value& value);

}  // namespace lamina::testkit

#endif  // LAMINA_SDK_TESTKIT_VALUE_H_
