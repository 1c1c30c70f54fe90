#include "extension/bridge/testing/onnx_model.h"

#include <algorithm>
#include <cstring>

namespace lamina::bridge {
namespace {

// Field numbers are those of onnx.proto.
OnnxAttribute Attribute(const std::string& name, int type) {
  OnnxAttribute attribute{name, {}};
  attribute.message.Bytes(1, name).Varint(20, uint64_t(type));
  return attribute;
}

Message ValueInfo(const std::string& name, OnnxType type, const std::vector<int64_t>& dims) {
  Message shape;
  for (const int64_t dim : dims) shape.Add(1, dim < 0 ? Message() : Message().Varint(1, uint64_t(dim)));
  const Message tensor = Message().Varint(1, uint64_t(type)).Add(2, shape);
  return Message().Bytes(1, name).Add(2, Message().Add(1, tensor));
}

Message TensorProto(const std::string& name, OnnxType type, const std::vector<int64_t>& dims, std::string_view raw) {
  Message tensor;
  for (const int64_t dim : dims) tensor.Varint(1, uint64_t(dim));
  return tensor.Varint(2, uint64_t(type)).Bytes(8, name).Bytes(9, raw);
}

}  // namespace

void Message::Base128(uint64_t value) {
  for (; value >= 128; value >>= 7) bytes_ += char(value | 128);
  bytes_ += char(value);
}

Message& Message::Varint(int field, uint64_t value) {
  Base128(uint64_t(field) << 3);
  Base128(value);
  return *this;
}

Message& Message::Fixed32(int field, float value) {
  Base128(uint64_t(field) << 3 | 5);
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  bytes_.append(bytes, sizeof(value));
  return *this;
}

Message& Message::Bytes(int field, std::string_view bytes) {
  Base128(uint64_t(field) << 3 | 2);
  Base128(bytes.size());
  bytes_ += bytes;
  return *this;
}

OnnxAttribute Int(const std::string& name, int64_t value) {
  auto attribute = Attribute(name, 2);
  attribute.message.Varint(3, uint64_t(value));
  return attribute;
}

OnnxAttribute Float(const std::string& name, float value) {
  auto attribute = Attribute(name, 1);
  attribute.message.Fixed32(2, value);
  return attribute;
}

OnnxAttribute String(const std::string& name, const std::string& value) {
  auto attribute = Attribute(name, 3);
  attribute.message.Bytes(4, value);
  return attribute;
}

OnnxAttribute Ints(const std::string& name, const std::vector<int64_t>& values) {
  auto attribute = Attribute(name, 7);
  for (const int64_t value : values) attribute.message.Varint(8, uint64_t(value));
  return attribute;
}

OnnxAttribute Floats(const std::string& name, const std::vector<float>& values) {
  auto attribute = Attribute(name, 6);
  for (const float value : values) attribute.message.Fixed32(7, value);
  return attribute;
}

OnnxAttribute Strings(const std::string& name, const std::vector<std::string>& values) {
  auto attribute = Attribute(name, 8);
  for (const auto& value : values) attribute.message.Bytes(9, value);
  return attribute;
}

OnnxAttribute Tensor(const std::string& name, OnnxType type, const std::vector<int64_t>& dims, std::string_view raw) {
  auto attribute = Attribute(name, 4);
  attribute.message.Add(5, TensorProto("", type, dims, raw));
  return attribute;
}

OnnxModel& OnnxModel::Input(const std::string& name, OnnxType type, const std::vector<int64_t>& dims) {
  graph_.Add(11, ValueInfo(name, type, dims));
  return *this;
}

OnnxModel& OnnxModel::Output(const std::string& name, OnnxType type, const std::vector<int64_t>& dims) {
  graph_.Add(12, ValueInfo(name, type, dims));
  return *this;
}

OnnxModel& OnnxModel::Node(const std::string& domain, const std::string& operator_name,
                           const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                           const std::vector<OnnxAttribute>& attributes) {
  Message node;
  for (const auto& input : inputs) node.Bytes(1, input);
  for (const auto& output : outputs) node.Bytes(2, output);
  node.Bytes(3, "n" + std::to_string(nodes_++)).Bytes(4, operator_name);
  for (const auto& attribute : attributes) node.Add(5, attribute.message);
  node.Bytes(7, domain);
  if (std::find(domains_.begin(), domains_.end(), domain) == domains_.end()) domains_.push_back(domain);
  graph_.Add(1, node);
  return *this;
}

OnnxModel& OnnxModel::Constant(const std::string& name, OnnxType type, const std::vector<int64_t>& dims,
                               std::string_view raw) {
  graph_.Add(5, TensorProto(name, type, dims, raw));
  return *this;
}

OnnxModel& OnnxModel::Constant(const std::string& name, const std::vector<std::string>& values) {
  Message tensor;
  tensor.Varint(1, values.size()).Varint(2, uint64_t(OnnxType::kString));
  for (const auto& value : values) tensor.Bytes(6, value);
  graph_.Add(5, tensor.Bytes(8, name));
  return *this;
}

std::string OnnxModel::Bytes() const {
  Message graph = graph_;
  graph.Bytes(2, "test");
  Message model;
  model.Varint(1, 8).Add(7, graph);
  for (const auto& domain : domains_) {
    if (!domain.empty()) model.Add(8, Message().Bytes(1, domain).Varint(2, 1));
  }
  model.Add(8, Message().Bytes(1, "").Varint(2, 18));
  return model.bytes();
}

}  // namespace lamina::bridge
