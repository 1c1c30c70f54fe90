#include "extension/layers/node_attributes.h"

#include "extension/layers/float16.h"

namespace lamina::layers {
namespace {

template <class T>
std::vector<double> Numbers(const In<T>& tensor) {
  std::vector<double> numbers(tensor.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    if constexpr (std::is_same_v<T, Float16>) {
      numbers[i] = ToFloat(tensor[i]);
    } else {
      numbers[i] = tensor[i];
    }
  }
  return numbers;
}

}  // namespace

std::vector<int64_t> IntsOf(const Node& node, const char* name) {
  const lamina_attribute* a = node.Find(name);
  return a && a->count ? std::vector<int64_t>(a->ints, a->ints + a->count) : std::vector<int64_t>();
}

std::vector<std::string> StringsOf(const Node& node, const char* name) {
  std::vector<std::string> strings;
  const lamina_attribute* a = node.Find(name);
  for (uint64_t i = 0; a && i < a->count; ++i) strings.emplace_back(a->strings[i].data, a->strings[i].size);
  return strings;
}

int64_t IntOf(const Node& node, const char* name, int64_t default_value) {
  const lamina_attribute* a = node.Find(name);
  return a ? a->ints[0] : default_value;
}

std::string StringOf(const Node& node, const char* name, const char* default_value) {
  const lamina_attribute* a = node.Find(name);
  return a ? std::string(a->strings[0].data, a->strings[0].size) : default_value;
}

std::vector<double> NumbersOf(const Node& node, const char* name) {
  const lamina_attribute* a = node.Find(name);
  if (!a || a->count == 0) return {};
  if (a->kind == LAMINA_ATTRIBUTE_FLOATS) return {a->floats, a->floats + a->count};
  const Input tensor(a->tensors[0]);
  switch (tensor.type()) {
    case LAMINA_F16:
      return Numbers(tensor.As<Float16>());
    case LAMINA_F32:
      return Numbers(tensor.As<float>());
    case LAMINA_F64:
      return Numbers(tensor.As<double>());
    case LAMINA_U8:
      return Numbers(tensor.As<uint8_t>());
    default:
      throw Error(
          Cat("attribute '", name, "' is a tensor of ", TypeName(tensor.type()), ", expected f16, f32, f64 or u8"));
  }
}

std::vector<double> NumbersOrTensorOf(const Node& node, const std::string& name) {
  const std::string tensor_name = name + "_as_tensor";
  std::vector<double> numbers = NumbersOf(node, name.c_str()), from_tensor = NumbersOf(node, tensor_name.c_str());
  Require(numbers.empty() || from_tensor.empty(), "attributes '", name, "' and '", tensor_name,
          "' are both given, expected one of them");
  return numbers.empty() ? from_tensor : numbers;
}

}  // namespace lamina::layers
