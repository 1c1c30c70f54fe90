#include "server/protocols/tfserving/datatype.h"

namespace lamina::server {
namespace {

struct Pair {
  ElementType ours;
  tensorflow::DataType theirs;
};

constexpr Pair kPairs[] = {{ElementType::kF32, tensorflow::DT_FLOAT},  {ElementType::kF64, tensorflow::DT_DOUBLE},
                           {ElementType::kI32, tensorflow::DT_INT32},  {ElementType::kI64, tensorflow::DT_INT64},
                           {ElementType::kU8, tensorflow::DT_UINT8},   {ElementType::kString, tensorflow::DT_STRING},
                           {ElementType::kF16, tensorflow::DT_HALF},   {ElementType::kBF16, tensorflow::DT_BFLOAT16},
                           {ElementType::kBool, tensorflow::DT_BOOL},  {ElementType::kI8, tensorflow::DT_INT8},
                           {ElementType::kI16, tensorflow::DT_INT16},  {ElementType::kU16, tensorflow::DT_UINT16},
                           {ElementType::kU32, tensorflow::DT_UINT32}, {ElementType::kU64, tensorflow::DT_UINT64}};

}  // namespace

tensorflow::DataType ToTensorflowType(ElementType type) {
  for (const Pair& pair : kPairs) {
    if (pair.ours == type) return pair.theirs;
  }
  return tensorflow::DT_INVALID;
}

ElementType FromTensorflowType(tensorflow::DataType type) {
  for (const Pair& pair : kPairs) {
    if (pair.theirs == type) return pair.ours;
  }
  return ElementType::kUndefined;
}

}  // namespace lamina::server
