#include "tests/fuzz/node_seeds.h"

#include <cstdint>
#include <vector>

#include "extension/bridge/node_blob.h"
#include "extension/bridge/testing/attribute.h"

namespace lamina {
namespace {

using bridge::Attribute;

lamina_attribute Ints(const char* name, const int64_t* ints) {
  lamina_attribute attribute = Attribute(name, LAMINA_ATTRIBUTE_INTS, 3);
  attribute.ints = ints;
  return attribute;
}

lamina_tensor Tensor(int32_t type, const int64_t* dims, uint64_t size, const void* data) {
  return {sizeof(lamina_tensor), type, dims, 1, 0, size, const_cast<void*>(data)};
}

std::vector<lamina_attribute> Attributes() {
  static const int64_t kNarrow[] = {1, -2, 3}, kWide[] = {1, 1 << 20, 3}, kWidest[] = {0, INT64_MIN, INT64_MAX};
  static const float kFloats[] = {0.5f, -0.0f};
  static const lamina_string kStrings[] = {{"a", 1}, {"", 0}, {"a", 1}};
  static const uint8_t kNibbles[] = {0x21, 0x03};
  static const lamina_tensor kU4 = Tensor(LAMINA_U4, kNarrow + 2, 3, kNibbles);
  static const lamina_tensor kText = Tensor(LAMINA_STRING, kNarrow + 2, 3, kStrings);
  static const lamina_tensor* const kTensors[] = {&kU4, &kText};
  lamina_attribute floats = Attribute("floats", LAMINA_ATTRIBUTE_FLOATS, 2);
  floats.floats = kFloats;
  lamina_attribute strings = Attribute("strings", LAMINA_ATTRIBUTE_STRINGS, 3);
  strings.strings = kStrings;
  lamina_attribute tensor = Attribute("tensor", LAMINA_ATTRIBUTE_TENSOR, 1);
  lamina_attribute tensors = Attribute("tensors", LAMINA_ATTRIBUTE_TENSORS, 2);
  tensor.tensors = tensors.tensors = kTensors;
  return {Ints("narrow", kNarrow), Ints("wide", kWide), Ints("widest", kWidest), floats, strings, tensor, tensors};
}

std::string Node(const std::vector<lamina_attribute>& attributes) {
  bridge::NodeBlobWriter writer({"n", "d", "Op", 1, 2, false, {1, 0}});
  for (const lamina_attribute& attribute : attributes) writer.Add(attribute);
  const std::vector<uint8_t> bytes = writer.Finish();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::map<std::string, std::string> NodeSeeds() {
  const std::vector<lamina_attribute> all = Attributes();
  std::map<std::string, std::string> seeds = {{"none", Node({})}, {"all", Node(all)}};
  for (const lamina_attribute& attribute : all) seeds[attribute.name] = Node({attribute});
  return seeds;
}

}  // namespace lamina
