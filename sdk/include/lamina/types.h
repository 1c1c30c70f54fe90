// Element types of C++ and their codes in the ABI, and the error that a layer throws.
#ifndef LAMINA_TYPES_H_
#define LAMINA_TYPES_H_

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "lamina/abi.h"

// Everything of this face is compiled into the library that uses it and stays inside: two libraries, or two
// generations of one, never share code.
#define LAMINA_HIDDEN __attribute__((visibility("hidden")))

namespace lamina LAMINA_HIDDEN {

/// IEEE binary16, as bits. Arithmetic is the layer's own business.
struct Float16 {
  uint16_t bits;
};

/// The upper half of an IEEE binary32.
struct BFloat16 {
  uint16_t bits;
  explicit operator float() const { return std::bit_cast<float>(uint32_t{bits} << 16); }
};

/// The ABI's code of an element type; std::string_view stands for strings.
template <class T>
constexpr int32_t TypeCode() {
  if constexpr (std::is_same_v<T, bool>) return LAMINA_BOOL;
  if constexpr (std::is_same_v<T, BFloat16>) return LAMINA_BF16;
  if constexpr (std::is_same_v<T, Float16>) return LAMINA_F16;
  if constexpr (std::is_same_v<T, float>) return LAMINA_F32;
  if constexpr (std::is_same_v<T, double>) return LAMINA_F64;
  if constexpr (std::is_same_v<T, int8_t>) return LAMINA_I8;
  if constexpr (std::is_same_v<T, int16_t>) return LAMINA_I16;
  if constexpr (std::is_same_v<T, int32_t>) return LAMINA_I32;
  if constexpr (std::is_same_v<T, int64_t>) return LAMINA_I64;
  if constexpr (std::is_same_v<T, uint8_t>) return LAMINA_U8;
  if constexpr (std::is_same_v<T, uint16_t>) return LAMINA_U16;
  if constexpr (std::is_same_v<T, uint32_t>) return LAMINA_U32;
  if constexpr (std::is_same_v<T, uint64_t>) return LAMINA_U64;
  if constexpr (std::is_same_v<T, std::string_view>) return LAMINA_STRING;
  return LAMINA_DYNAMIC;
}

template <class T>
inline constexpr int32_t kTypeCode = TypeCode<T>();

/// A set of element types, as ports declare it: Types<float, double>.
template <class... T>
inline constexpr uint64_t Types = ((uint64_t{1} << kTypeCode<T>) | ...);

inline constexpr uint64_t kAnyType = 0;

/// The name of an element type as messages and examples write it: "f32", "string".
constexpr const char* TypeName(int32_t type) {
  constexpr const char* kNames[] = {"dynamic", "bool", "bf16", "f16", "f32", "f64", "i4",  "i8",     "i16",
                                    "i32",     "i64",  "u1",   "u2",  "u3",  "u4",  "u6",  "u8",     "u16",
                                    "u32",     "u64",  "nf4",  "f8e4m3", "f8e5m2", "string", "f4e2m1", "f8e8m0"};
  return type >= 0 && type <= LAMINA_F8E8M0 ? kNames[type] : "unknown";
}

/// Joins strings and numbers to one string.
template <class... Parts>
std::string Cat(const Parts&... parts) {
  std::string joined;
  auto add = [&](const auto& part) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(part)>>) {
      joined += std::to_string(part);
    } else {
      joined += part;
    }
  };
  (add(parts), ...);
  return joined;
}

/// What a layer throws from Prepare, Infer or Compute; it becomes the error of the load or of the request. The message
/// names the thing, what was got and what was expected.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, int32_t code = LAMINA_INVALID_ARGUMENT)
      : std::runtime_error(message), code_(code) {}
  int32_t code() const { return code_; }

 private:
  int32_t code_;
};

/// Throws an Error of the parts if the condition does not hold.
template <class... Parts>
void Require(bool condition, const Parts&... parts) {
  if (!condition) throw Error(Cat(parts...));
}

}  // namespace lamina

#endif  // LAMINA_TYPES_H_
