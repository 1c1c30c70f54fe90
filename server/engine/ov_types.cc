#include "server/engine/ov_types.h"

namespace lamina::server {
namespace {

struct Pair {
  ElementType ours;
  ov::element::Type_t theirs;
};

constexpr Pair kPairs[] = {
    {ElementType::kBool, ov::element::Type_t::boolean}, {ElementType::kI8, ov::element::Type_t::i8},
    {ElementType::kI16, ov::element::Type_t::i16},      {ElementType::kI32, ov::element::Type_t::i32},
    {ElementType::kI64, ov::element::Type_t::i64},      {ElementType::kU8, ov::element::Type_t::u8},
    {ElementType::kU16, ov::element::Type_t::u16},      {ElementType::kU32, ov::element::Type_t::u32},
    {ElementType::kU64, ov::element::Type_t::u64},      {ElementType::kF16, ov::element::Type_t::f16},
    {ElementType::kBF16, ov::element::Type_t::bf16},    {ElementType::kF32, ov::element::Type_t::f32},
    {ElementType::kF64, ov::element::Type_t::f64},      {ElementType::kString, ov::element::Type_t::string},
};

}  // namespace

ElementType FromOv(const ov::element::Type& type) {
  for (const Pair& pair : kPairs) {
    if (type == pair.theirs) return pair.ours;
  }
  return ElementType::kUndefined;
}

ov::element::Type ToOv(ElementType type) {
  for (const Pair& pair : kPairs) {
    if (type == pair.ours) return pair.theirs;
  }
  return ov::element::dynamic;
}

std::vector<int64_t> FromOv(const ov::PartialShape& shape) {
  std::vector<int64_t> dimensions;
  for (const ov::Dimension& dimension : shape)
    dimensions.push_back(dimension.is_static() ? dimension.get_length() : -1);
  return dimensions;
}

}  // namespace lamina::server
