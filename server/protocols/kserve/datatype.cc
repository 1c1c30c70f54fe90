#include "server/protocols/kserve/datatype.h"

#include "absl/strings/str_cat.h"
#include "server/api/tensor.h"

namespace lamina::server {
namespace {

struct Name {
  ElementType type;
  std::string_view name;
};

constexpr Name kNames[] = {{ElementType::kF32, "FP32"},     {ElementType::kI64, "INT64"}, {ElementType::kI32, "INT32"},
                           {ElementType::kString, "BYTES"}, {ElementType::kU8, "UINT8"},  {ElementType::kF64, "FP64"},
                           {ElementType::kF16, "FP16"},     {ElementType::kBF16, "BF16"}, {ElementType::kBool, "BOOL"},
                           {ElementType::kI8, "INT8"},      {ElementType::kI16, "INT16"}, {ElementType::kU16, "UINT16"},
                           {ElementType::kU32, "UINT32"},   {ElementType::kU64, "UINT64"}};

}  // namespace

std::string_view KserveDatatype(ElementType type) {
  for (const Name& entry : kNames) {
    if (entry.type == type) return entry.name;
  }
  return {};
}

ElementType ParseKserveDatatype(std::string_view name) {
  for (const Name& entry : kNames) {
    if (entry.name == name) return entry.type;
  }
  return ElementType::kUndefined;
}

std::string TypeAndShape(ElementType type, std::span<const int64_t> shape) {
  return absl::StrCat("datatype ", std::string(KserveDatatype(type)), " and shape ", ShapeText(shape));
}

}  // namespace lamina::server
