#include "extension/bridge/narrowed.h"

#include <algorithm>

#include "lamina/abi.h"
#include "openvino/core/type/bfloat16.hpp"
#include "openvino/core/type/float16.hpp"

namespace lamina::bridge {
namespace {

template <class To, class From>
const void* Convert(const void* data, size_t count, Scratch& scratch) {
  const auto* from = static_cast<const From*>(data);
  auto* to = scratch.Array<To>(count);
  std::transform(from, from + count, to, [](From value) { return static_cast<To>(value); });
  return to;
}

using Conversion = const void* (*)(const void* data, size_t count, Scratch& scratch);

const void* AsItIs(const void* data, size_t, Scratch&) { return data; }

Conversion Find(int32_t declared, int32_t actual) {
  if (actual == LAMINA_I32) {
    if (declared == LAMINA_I64) return Convert<int64_t, int32_t>;
    if (declared == LAMINA_U64) return Convert<uint64_t, int32_t>;
    if (declared == LAMINA_U32) return AsItIs;
    if (declared == LAMINA_I16) return Convert<int16_t, int32_t>;
    if (declared == LAMINA_U16) return Convert<uint16_t, int32_t>;
    if (declared == LAMINA_I8) return Convert<int8_t, int32_t>;
    if (declared == LAMINA_U8 || declared == LAMINA_BOOL) return Convert<uint8_t, int32_t>;
  }
  if (actual == LAMINA_F32) {
    if (declared == LAMINA_F64) return Convert<double, float>;
    if (declared == LAMINA_F16) return Convert<ov::float16, float>;
    if (declared == LAMINA_BF16) return Convert<ov::bfloat16, float>;
  }
  if (actual == LAMINA_U8 && declared == LAMINA_BOOL) return AsItIs;
  return nullptr;
}

}  // namespace

bool CanRestore(int32_t declared, int32_t actual) { return Find(declared, actual) != nullptr; }

const void* Restore(int32_t declared, int32_t actual, const void* data, size_t count, Scratch& scratch) {
  return Find(declared, actual)(data, count, scratch);
}

}  // namespace lamina::bridge
