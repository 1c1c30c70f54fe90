// AttributeSet: attributes that own their values, in the form that the ABI wants them.
#ifndef LAMINA_SDK_TESTKIT_ATTRIBUTES_H_
#define LAMINA_SDK_TESTKIT_ATTRIBUTES_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sdk/testkit/value.h"

namespace lamina::testkit {

/// Built by chaining: AttributeSet().Int("axis", 1).Floats("bias", {0.5f}). Copies share the values, which never
/// change.
class AttributeSet {
 public:
  AttributeSet& Int(const std::string& name, int64_t value);
  AttributeSet& Float(const std::string& name, float value);
  AttributeSet& String(const std::string& name, const std::string& value);
  AttributeSet& Ints(const std::string& name, std::vector<int64_t> values);
  AttributeSet& Floats(const std::string& name, std::vector<float> values);
  AttributeSet& Strings(const std::string& name, std::vector<std::string> values);
  AttributeSet& Tensor(const std::string& name, Value value);

  const std::vector<const lamina_attribute*>& view() const { return view_; }

 private:
  struct Holder {
    std::string name;
    std::vector<int64_t> ints;
    std::vector<float> floats;
    std::vector<std::string> strings;
    std::vector<lamina_string> string_views;
    Value value;
    lamina_tensor tensor = {};
    const lamina_tensor* tensor_pointer = nullptr;
    lamina_attribute abi = {};
  };

  Holder& Add(const std::string& name, int32_t kind);

  std::shared_ptr<std::deque<Holder>> holders_ = std::make_shared<std::deque<Holder>>();  // its elements never move
  std::vector<const lamina_attribute*> view_;
};

/// A view of a value for the ABI; strings need room for their views.
lamina_tensor TensorOf(const Value& value, std::vector<lamina_string>& strings);

}  // namespace lamina::testkit

#endif  // LAMINA_SDK_TESTKIT_ATTRIBUTES_H_
