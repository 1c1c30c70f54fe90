// Attributes of the ABI, as tests and seeds of fuzzers put them together.
#ifndef LAMINA_EXTENSION_BRIDGE_TESTING_ATTRIBUTE_H_
#define LAMINA_EXTENSION_BRIDGE_TESTING_ATTRIBUTE_H_

#include "lamina/abi.h"

namespace lamina::bridge {

/// Without its values, which are the caller's to point to.
inline lamina_attribute Attribute(const char* name, int32_t kind, uint64_t count) {
  lamina_attribute attribute = {sizeof(lamina_attribute)};
  attribute.kind = kind;
  attribute.name = name;
  attribute.count = count;
  return attribute;
}

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_TESTING_ATTRIBUTE_H_
