#ifndef LAMINA_SERVER_API_ELEMENT_TYPE_H_
#define LAMINA_SERVER_API_ELEMENT_TYPE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lamina::server {

/// The element types that tensors of requests and replies have. All but kString have a fixed size in bytes.
/// kString stands for strings of any bytes (KServe's BYTES, TensorFlow's DT_STRING).
enum class ElementType : uint8_t {
  kUndefined,
  kBool,
  kI8,
  kI16,
  kI32,
  kI64,
  kU8,
  kU16,
  kU32,
  kU64,
  kF16,
  kBF16,
  kF32,
  kF64,
  kString,
};

/// Bytes of one element; 0 for kString and kUndefined.
constexpr size_t ElementSize(ElementType type) {
  switch (type) {
    case ElementType::kBool:
    case ElementType::kI8:
    case ElementType::kU8:
      return 1;
    case ElementType::kI16:
    case ElementType::kU16:
    case ElementType::kF16:
    case ElementType::kBF16:
      return 2;
    case ElementType::kI32:
    case ElementType::kU32:
    case ElementType::kF32:
      return 4;
    case ElementType::kI64:
    case ElementType::kU64:
    case ElementType::kF64:
      return 8;
    case ElementType::kString:
    case ElementType::kUndefined:
      return 0;
  }
  return 0;
}

/// The name used in messages: "f32", "i64", "string", ...
std::string_view ElementTypeName(ElementType type);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_ELEMENT_TYPE_H_
