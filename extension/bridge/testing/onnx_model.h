// Writes small ONNX models for tests: the few messages of the format that they need, field by field.
#ifndef LAMINA_EXTENSION_BRIDGE_TESTING_ONNX_MODEL_H_
#define LAMINA_EXTENSION_BRIDGE_TESTING_ONNX_MODEL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::bridge {

/// ONNX's numbers of element types.
enum class OnnxType { kFloat = 1, kUint8 = 2, kInt8 = 3, kUint16 = 4, kInt16 = 5, kInt32 = 6, kInt64 = 7, kString = 8,
                      kBool = 9, kFloat16 = 10, kDouble = 11, kUint32 = 12, kUint64 = 13, kBfloat16 = 16 };

/// A protobuf message as it is put together.
class Message {
 public:
  Message& Varint(int field, uint64_t value);
  Message& Fixed32(int field, float value);
  Message& Bytes(int field, std::string_view bytes);
  Message& Add(int field, const Message& message) { return Bytes(field, message.bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void Base128(uint64_t value);
  std::string bytes_;
};

/// An attribute of a node.
struct OnnxAttribute {
  std::string name;
  Message message;
};
OnnxAttribute Int(const std::string& name, int64_t value);
OnnxAttribute Float(const std::string& name, float value);
OnnxAttribute String(const std::string& name, const std::string& value);
OnnxAttribute Ints(const std::string& name, const std::vector<int64_t>& values);
OnnxAttribute Floats(const std::string& name, const std::vector<float>& values);
OnnxAttribute Strings(const std::string& name, const std::vector<std::string>& values);
OnnxAttribute Tensor(const std::string& name, OnnxType type, const std::vector<int64_t>& dims, std::string_view raw);

/// A model of one graph, put together in any order; nodes in the order of their use.
class OnnxModel {
 public:
  /// -1: a dimension that is not known.
  OnnxModel& Input(const std::string& name, OnnxType type, const std::vector<int64_t>& dims);
  OnnxModel& Output(const std::string& name, OnnxType type, const std::vector<int64_t>& dims);
  /// "" is an absent input or output.
  OnnxModel& Node(const std::string& domain, const std::string& operator_name, const std::vector<std::string>& inputs,
                  const std::vector<std::string>& outputs, const std::vector<OnnxAttribute>& attributes = {});
  OnnxModel& Constant(const std::string& name, OnnxType type, const std::vector<int64_t>& dims, std::string_view raw);
  OnnxModel& Constant(const std::string& name, const std::vector<std::string>& values);
  std::string Bytes() const;

 private:
  Message graph_;
  std::vector<std::string> domains_;
  int nodes_ = 0;
};

/// The bytes of values, for Constant and Tensor.
template <class T>
std::string_view Raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_TESTING_ONNX_MODEL_H_
