#include "extension/bridge/framework_attribute.h"

#include <stdexcept>

#include "extension/bridge/element_type.h"
#include "openvino/core/type/element_type.hpp"

namespace lamina::bridge {
namespace {

// An empty list comes as a list of some type.
bool IsEmptyList(const ov::Any& value) {
  auto empty = [&]<class T>(T) { return value.is<std::vector<T>>() && value.as<std::vector<T>>().empty(); };
  return empty(int64_t{}) || empty(float{}) || empty(double{}) || empty(std::string{});
}

// The kind of list that an attribute declared as `kinds` is when it is empty.
int32_t EmptyKind(uint64_t kinds) {
  for (const int32_t kind : {LAMINA_ATTRIBUTE_INTS, LAMINA_ATTRIBUTE_FLOATS, LAMINA_ATTRIBUTE_STRINGS}) {
    if (kinds >> kind & 1) return kind;
  }
  return LAMINA_ATTRIBUTE_INTS;
}

}  // namespace

FrameworkAttribute::FrameworkAttribute(const lamina_attribute_declaration& declaration, const ov::Any& value)
    : name_(declaration.name) {
  attribute_.name = name_.c_str();
  if (IsEmptyList(value)) {
    attribute_.kind = EmptyKind(declaration.kinds);
  } else if (!SetList(value) && !SetScalar(value)) {
    throw std::runtime_error("attribute '" + name_ + "' is of a kind that no layer can have (" +
                             value.type_info().name() + "); expected numbers, strings or tensors");
  }
}

FrameworkAttribute::FrameworkAttribute(const std::string& name, int32_t kind, Constants values)
    : name_(name), constants_(std::move(values)) {
  for (const auto& constant : constants_) tensor_pointers_.push_back(&tensors_.emplace_back(Describe(*constant)));
  attribute_.name = name_.c_str();
  attribute_.kind = kind;
  attribute_.count = tensor_pointers_.size();
  attribute_.tensors = tensor_pointers_.data();
}

lamina_tensor FrameworkAttribute::Describe(const ov::op::v0::Constant& constant) {
  const ov::Shape& shape = constant.get_shape();
  const auto& dims = dims_.emplace_back(shape.begin(), shape.end());
  lamina_tensor tensor = {sizeof(lamina_tensor), ToAbi(constant.get_element_type()), dims.data(), int32_t(dims.size())};
  tensor.size = ov::shape_size(shape);
  tensor.data = const_cast<void*>(constant.get_data_ptr());
  if (tensor.type != LAMINA_STRING) return tensor;
  const auto* texts = constant.get_data_ptr<std::string>();
  auto& elements = elements_.emplace_back();
  for (uint64_t i = 0; i < tensor.size; ++i) elements.push_back({texts[i].data(), texts[i].size()});
  tensor.data = elements.data();
  return tensor;
}

void FrameworkAttribute::SetInts(int32_t kind, std::vector<int64_t> values) {
  ints_ = std::move(values);
  attribute_.kind = kind;
  attribute_.count = ints_.size();
  attribute_.ints = ints_.data();
}

void FrameworkAttribute::SetFloats(int32_t kind, std::vector<float> values) {
  floats_ = std::move(values);
  attribute_.kind = kind;
  attribute_.count = floats_.size();
  attribute_.floats = floats_.data();
}

void FrameworkAttribute::SetStrings(int32_t kind, std::vector<std::string> values) {
  texts_ = std::move(values);
  for (const auto& text : texts_) strings_.push_back({text.data(), text.size()});
  attribute_.kind = kind;
  attribute_.count = strings_.size();
  attribute_.strings = strings_.data();
}

bool FrameworkAttribute::SetList(const ov::Any& value) {
  if (value.is<std::vector<int64_t>>()) {
    SetInts(LAMINA_ATTRIBUTE_INTS, value.as<std::vector<int64_t>>());
  } else if (value.is<std::vector<float>>()) {
    SetFloats(LAMINA_ATTRIBUTE_FLOATS, value.as<std::vector<float>>());
  } else if (value.is<std::vector<double>>()) {
    const auto& values = value.as<std::vector<double>>();
    SetFloats(LAMINA_ATTRIBUTE_FLOATS, {values.begin(), values.end()});
  } else if (value.is<std::vector<std::string>>()) {
    SetStrings(LAMINA_ATTRIBUTE_STRINGS, value.as<std::vector<std::string>>());
  } else {
    return false;
  }
  return true;
}

bool FrameworkAttribute::SetScalar(const ov::Any& value) {
  if (value.is<int64_t>()) {
    SetInts(LAMINA_ATTRIBUTE_INT, {value.as<int64_t>()});
  } else if (value.is<bool>()) {
    SetInts(LAMINA_ATTRIBUTE_INT, {value.as<bool>()});
  } else if (value.is<float>()) {
    SetFloats(LAMINA_ATTRIBUTE_FLOAT, {value.as<float>()});
  } else if (value.is<double>()) {
    SetFloats(LAMINA_ATTRIBUTE_FLOAT, {float(value.as<double>())});
  } else if (value.is<std::string>()) {
    SetStrings(LAMINA_ATTRIBUTE_STRING, {value.as<std::string>()});
  } else if (value.is<ov::element::Type>()) {
    SetStrings(LAMINA_ATTRIBUTE_STRING, {value.as<ov::element::Type>().get_type_name()});
  } else {
    return false;
  }
  return true;
}

}  // namespace lamina::bridge
