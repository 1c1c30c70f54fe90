// What a node is, as a model's file or cache brings it: a node, or an error. A node that is written again is the same.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "extension/bridge/element_type.h"
#include "extension/bridge/node_blob.h"

namespace lamina::bridge {
namespace {

bool SameBytes(const void* a, const void* b, size_t size) { return size == 0 || std::memcmp(a, b, size) == 0; }

bool SameStrings(const lamina_string* a, const lamina_string* b, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    if (std::string_view(a[i].data, a[i].size) != std::string_view(b[i].data, b[i].size)) return false;
  }
  return true;
}

bool Same(const lamina_tensor& a, const lamina_tensor& b) {
  if (a.type != b.type || a.rank != b.rank || a.size != b.size) return false;
  if (!SameBytes(a.dims, b.dims, size_t(a.rank) * sizeof(int64_t))) return false;
  if (a.type != LAMINA_STRING) return SameBytes(a.data, b.data, (a.size * FromAbi(a.type).bitwidth() + 7) / 8);
  return SameStrings(static_cast<const lamina_string*>(a.data), static_cast<const lamina_string*>(b.data), a.size);
}

bool Same(const lamina_attribute& a, const lamina_attribute& b) {
  if (std::string_view(a.name) != b.name || a.kind != b.kind || a.count != b.count) return false;
  switch (a.kind) {
    case LAMINA_ATTRIBUTE_INT:
    case LAMINA_ATTRIBUTE_INTS:
      return SameBytes(a.ints, b.ints, a.count * sizeof(int64_t));
    case LAMINA_ATTRIBUTE_FLOAT:
    case LAMINA_ATTRIBUTE_FLOATS:
      return SameBytes(a.floats, b.floats, a.count * sizeof(float));
    case LAMINA_ATTRIBUTE_STRING:
    case LAMINA_ATTRIBUTE_STRINGS:
      return SameStrings(a.strings, b.strings, a.count);
    default:
      for (uint64_t i = 0; i < a.count; ++i) {
        if (!Same(*a.tensors[i], *b.tensors[i])) return false;
      }
      return true;
  }
}

bool Same(const NodeBlobReader& a, const NodeBlobReader& b) {
  if (a.header() != b.header() || a.attributes().size() != b.attributes().size()) return false;
  for (size_t i = 0; i < a.attributes().size(); ++i) {
    if (!Same(*a.attributes()[i], *b.attributes()[i])) return false;
  }
  return true;
}

std::vector<uint8_t> Written(const NodeBlobReader& node) {
  NodeBlobWriter writer(node.header());
  for (const lamina_attribute* attribute : node.attributes()) writer.Add(*attribute);
  return writer.Finish();
}

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "a node that was read and written %s\n", what);
  std::abort();
}

void CheckWrittenAgain(const NodeBlobReader& node) {
  const std::vector<uint8_t> bytes = Written(node);
  try {
    const NodeBlobReader again(bytes);
    if (!Same(node, again)) Fail("is another");
    if (Written(again) != bytes) Fail("has other bytes the next time");
  } catch (const std::runtime_error& error) {
    Fail(error.what());
  }
}

}  // namespace
}  // namespace lamina::bridge

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::vector<uint8_t> aligned(data, data + size);
  try {
    lamina::bridge::CheckWrittenAgain(lamina::bridge::NodeBlobReader(aligned));
  } catch (const std::runtime_error&) {
  }
  return 0;
}
