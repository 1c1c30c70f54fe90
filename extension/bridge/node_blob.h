// NodeBlob: what a node of a model is - its name, operator, connections and attributes - as one block of bytes.
//
// An operation of ours has it as an attribute that goes into a saved model's weights, exactly and fast, whether it is
// ten bytes or the millions of nodes of a forest. It stays in memory as long as the model: lists of integers are as
// narrow as their numbers allow, and every text is there once. Floats and tensors are aligned to 8 bytes and read in
// place.
#ifndef LAMINA_EXTENSION_BRIDGE_NODE_BLOB_H_
#define LAMINA_EXTENSION_BRIDGE_NODE_BLOB_H_

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lamina/abi.h"

namespace lamina::bridge {

/// What a node is apart from its attributes.
struct NodeHeader {
  std::string name, domain, operator_name;
  uint32_t opset = 0;
  uint64_t output_count = 0;
  bool in_body = false;          // in a graph inside an If, a Loop or a Scan
  std::vector<uint8_t> present;  // for each input of the framework's node: 1, or 0 if it is absent

  friend bool operator==(const NodeHeader&, const NodeHeader&) = default;
};

/// Puts a blob together.
class NodeBlobWriter {
 public:
  explicit NodeBlobWriter(const NodeHeader& header);

  void Add(const lamina_attribute& attribute);
  /// The blob; the writer is empty afterwards.
  std::vector<uint8_t> Finish();

 private:
  void Number(uint64_t value);
  void Bytes(const void* data, size_t size);
  template <class T>
  void Narrowed(std::span<const int64_t> values);
  void Integers(std::span<const int64_t> values);
  void String(std::string_view text);
  void Strings(const lamina_string* strings, uint64_t count);
  void Tensor(const lamina_tensor& tensor);

  std::vector<uint8_t> bytes_;
  size_t count_at_ = 0;
  uint64_t count_ = 0;
};

/// A blob read: attributes point into the bytes, which have to stay, and into the reader. Neither copied nor moved.
class NodeBlobReader {
 public:
  /// Throws std::runtime_error if the bytes are not a whole blob. REQUIRES: bytes aligned to 8.
  explicit NodeBlobReader(std::span<const uint8_t> bytes);
  NodeBlobReader(const NodeBlobReader&) = delete;
  NodeBlobReader& operator=(const NodeBlobReader&) = delete;

  const NodeHeader& header() const { return header_; }
  std::span<const lamina_attribute* const> attributes() const { return pointers_; }

 private:
  uint64_t Number();
  const uint8_t* Bytes(uint64_t size);
  template <class T>
  const T* Array(uint64_t count);
  template <class T>
  const int64_t* Widened(uint64_t count);
  const int64_t* Integers(uint64_t count);
  std::string_view String();
  const lamina_string* Strings(uint64_t count);
  const lamina_tensor* Tensor();
  void Attribute();

  std::span<const uint8_t> left_;
  NodeHeader header_;
  std::deque<std::string> names_;
  std::deque<std::vector<int64_t>> integers_;
  std::deque<std::vector<lamina_string>> strings_;
  std::deque<lamina_tensor> tensors_;
  std::deque<std::vector<const lamina_tensor*>> tensor_lists_;
  std::deque<lamina_attribute> attributes_;
  std::vector<const lamina_attribute*> pointers_;
  uint64_t text_ = 0;  // bytes of all strings, each as often as it is there
};

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_NODE_BLOB_H_
