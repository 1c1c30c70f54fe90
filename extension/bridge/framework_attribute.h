// FrameworkAttribute: an attribute as a front-end gives it, as the ABI has it.
#ifndef LAMINA_EXTENSION_BRIDGE_FRAMEWORK_ATTRIBUTE_H_
#define LAMINA_EXTENSION_BRIDGE_FRAMEWORK_ATTRIBUTE_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "lamina/abi.h"
#include "openvino/core/any.hpp"
#include "openvino/op/constant.hpp"

namespace lamina::bridge {

using Constants = std::vector<std::shared_ptr<const ov::op::v0::Constant>>;

/// Holds what abi() points to. Neither copied nor moved.
class FrameworkAttribute {
 public:
  /// `declaration` says which kind of list an empty one is: the front-end does not. Throws std::runtime_error if the
  /// value is of a kind that layers do not have.
  FrameworkAttribute(const lamina_attribute_declaration& declaration, const ov::Any& value);
  /// An attribute of kind LAMINA_ATTRIBUTE_TENSOR or ..._TENSORS.
  FrameworkAttribute(const std::string& name, int32_t kind, Constants values);
  FrameworkAttribute(const FrameworkAttribute&) = delete;
  FrameworkAttribute& operator=(const FrameworkAttribute&) = delete;

  const lamina_attribute& abi() const { return attribute_; }

 private:
  void SetInts(int32_t kind, std::vector<int64_t> values);
  void SetFloats(int32_t kind, std::vector<float> values);
  void SetStrings(int32_t kind, std::vector<std::string> values);
  bool SetList(const ov::Any& value);
  bool SetScalar(const ov::Any& value);
  lamina_tensor Describe(const ov::op::v0::Constant& constant);

  std::string name_;
  std::vector<int64_t> ints_;
  std::vector<float> floats_;
  std::vector<std::string> texts_;
  std::vector<lamina_string> strings_;
  Constants constants_;
  std::deque<std::vector<int64_t>> dims_;           // of each tensor
  std::deque<std::vector<lamina_string>> elements_;  // of each tensor of strings
  std::deque<lamina_tensor> tensors_;
  std::vector<const lamina_tensor*> tensor_pointers_;
  lamina_attribute attribute_ = {sizeof(lamina_attribute)};
};

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_FRAMEWORK_ATTRIBUTE_H_
