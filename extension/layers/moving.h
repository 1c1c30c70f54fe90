// What layers share that only move elements about: they take any element type, strings included, and keep 64 bits
// whole.
#ifndef LAMINA_EXTENSION_LAYERS_MOVING_H_
#define LAMINA_EXTENSION_LAYERS_MOVING_H_

#include <lamina/context.h>

#include <optional>
#include <vector>

namespace lamina::layers {

/// Every element type of whole bytes.
inline constexpr uint64_t kMovable = Types<bool, BFloat16, Float16, float, double, int8_t, int16_t, int32_t, int64_t,
                                           uint8_t, uint16_t, uint32_t, uint64_t, std::string_view>;

/// Calls body.operator()<T>() with string_view for strings, else the unsigned integer of the type's size, which stands
/// for every type of that size.
template <class Body>
void WithElements(int32_t type, const Body& body) {
  switch (type) {
    case LAMINA_STRING:
      return body.template operator()<std::string_view>();
    case LAMINA_BOOL:
    case LAMINA_I8:
    case LAMINA_U8:
      return body.template operator()<uint8_t>();
    case LAMINA_F16:
    case LAMINA_BF16:
    case LAMINA_I16:
    case LAMINA_U16:
      return body.template operator()<uint16_t>();
    case LAMINA_F64:
    case LAMINA_I64:
    case LAMINA_U64:
      return body.template operator()<uint64_t>();
    default:
      return body.template operator()<uint32_t>();
  }
}

/// y[to] = x[from], whatever T is.
template <class T>
void Move(const In<T>& x, size_t from, const Out<T>& y, size_t to) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    y.Set(to, x[from]);
  } else {
    y[to] = x[from];
  }
}

/// The axis counted from 0. Throws an Error naming the layer if the tensor has no such one.
int AxisOf(int64_t axis, int rank, const char* layer);

/// The values of an input or attribute of integers, i64 or i32; nothing if they are not known yet.
std::optional<std::vector<int64_t>> KnownInts(const Input& input);
/// The same when computing.
std::vector<int64_t> IntsIn(const Input& input);

/// The product of dims[begin, end). REQUIRES: the tensor has elements, or else it may be beyond 64 bits.
int64_t Product(std::span<const int64_t> dims, size_t begin, size_t end);

/// a + b and a * b. Throw an Error naming the layer if the result is beyond 64 bits.
int64_t CheckedSum(int64_t a, int64_t b, const char* layer);
int64_t CheckedProduct(int64_t a, int64_t b, const char* layer);

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_MOVING_H_
