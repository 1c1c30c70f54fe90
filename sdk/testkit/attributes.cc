#include "sdk/testkit/attributes.h"

namespace lamina::testkit {
namespace {

std::vector<lamina_string> Views(const std::vector<std::string>& strings) {
  std::vector<lamina_string> views;
  views.reserve(strings.size());
  for (const auto& s : strings) views.push_back({s.data(), s.size()});
  return views;
}

}  // namespace

lamina_tensor TensorOf(const Value& value, std::vector<lamina_string>& strings) {
  lamina_tensor tensor = {sizeof(lamina_tensor), value.type, value.dims.data(), int32_t(value.dims.size()), 0,
                          value.size(),          nullptr};
  if (value.type == LAMINA_STRING) {
    strings = Views(value.strings);
    tensor.data = strings.data();
  } else {
    tensor.data = const_cast<uint8_t*>(value.bytes.data());
  }
  return tensor;
}

AttributeSet::Holder& AttributeSet::Add(const std::string& name, int32_t kind) {
  Holder& holder = holders_->emplace_back();
  holder.name = name;
  holder.abi = {sizeof(lamina_attribute), kind, holder.name.c_str(), 1, nullptr, nullptr, nullptr, nullptr};
  view_.push_back(&holder.abi);
  return holder;
}

AttributeSet& AttributeSet::Int(const std::string& name, int64_t value) {
  Holder& holder = Add(name, LAMINA_ATTRIBUTE_INT);
  holder.ints = {value};
  holder.abi.ints = holder.ints.data();
  return *this;
}

AttributeSet& AttributeSet::Float(const std::string& name, float value) {
  Holder& holder = Add(name, LAMINA_ATTRIBUTE_FLOAT);
  holder.floats = {value};
  holder.abi.floats = holder.floats.data();
  return *this;
}

AttributeSet& AttributeSet::String(const std::string& name, const std::string& value) {
  Holder& holder = Add(name, LAMINA_ATTRIBUTE_STRING);
  holder.strings = {value};
  holder.string_views = Views(holder.strings);
  holder.abi.strings = holder.string_views.data();
  return *this;
}

AttributeSet& AttributeSet::Ints(const std::string& name, std::vector<int64_t> values) {
  Holder& holder = Add(name, LAMINA_ATTRIBUTE_INTS);
  holder.ints = std::move(values);
  holder.abi.ints = holder.ints.data();
  holder.abi.count = holder.ints.size();
  return *this;
}

AttributeSet& AttributeSet::Floats(const std::string& name, std::vector<float> values) {
  Holder& holder = Add(name, LAMINA_ATTRIBUTE_FLOATS);
  holder.floats = std::move(values);
  holder.abi.floats = holder.floats.data();
  holder.abi.count = holder.floats.size();
  return *this;
}

AttributeSet& AttributeSet::Strings(const std::string& name, std::vector<std::string> values) {
  Holder& holder = Add(name, LAMINA_ATTRIBUTE_STRINGS);
  holder.strings = std::move(values);
  holder.string_views = Views(holder.strings);
  holder.abi.strings = holder.string_views.data();
  holder.abi.count = holder.strings.size();
  return *this;
}

AttributeSet& AttributeSet::Tensor(const std::string& name, Value value) {
  Holder& holder = Add(name, LAMINA_ATTRIBUTE_TENSOR);
  holder.value = std::move(value);
  holder.tensor = TensorOf(holder.value, holder.string_views);
  holder.tensor_pointer = &holder.tensor;
  holder.abi.tensors = &holder.tensor_pointer;
  return *this;
}

}  // namespace lamina::testkit
