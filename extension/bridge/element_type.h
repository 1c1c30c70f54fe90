// Element types of the ABI and of OpenVINO: the same list, in the same order.
#ifndef LAMINA_EXTENSION_BRIDGE_ELEMENT_TYPE_H_
#define LAMINA_EXTENSION_BRIDGE_ELEMENT_TYPE_H_

#include "lamina/abi.h"
#include "openvino/core/type/element_type.hpp"

namespace lamina::bridge {

static_assert(int(ov::element::Type_t::dynamic) == LAMINA_DYNAMIC);
static_assert(int(ov::element::Type_t::boolean) == LAMINA_BOOL);
static_assert(int(ov::element::Type_t::f32) == LAMINA_F32);
static_assert(int(ov::element::Type_t::i64) == LAMINA_I64);
static_assert(int(ov::element::Type_t::u8) == LAMINA_U8);
static_assert(int(ov::element::Type_t::u64) == LAMINA_U64);
static_assert(int(ov::element::Type_t::string) == LAMINA_STRING);
static_assert(int(ov::element::Type_t::f8e8m0) == LAMINA_F8E8M0);

inline int32_t ToAbi(const ov::element::Type& type) { return int32_t(ov::element::Type_t(type)); }
inline ov::element::Type FromAbi(int32_t type) { return ov::element::Type_t(type); }

/// The CPU plugin computes in 32 bits and narrows these unless it is kept from it.
inline bool Is64Bits(int32_t type) { return type == LAMINA_I64 || type == LAMINA_U64 || type == LAMINA_F64; }

/// What the CPU plugin computes values of a type in, the type itself if it takes it as it is. It converts inputs and
/// constants of other types and what its own operations give, but not what operations of an extension give.
inline int32_t EngineType(int32_t type) {
  switch (type) {
    case LAMINA_I64:
    case LAMINA_U64:
    case LAMINA_U32:
    case LAMINA_I16:
    case LAMINA_U16:
      return LAMINA_I32;
    case LAMINA_F64:
      return LAMINA_F32;
    case LAMINA_BOOL:
      return LAMINA_U8;
    default:
      return type;
  }
}

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_ELEMENT_TYPE_H_
