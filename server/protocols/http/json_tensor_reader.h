#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_JSON_TENSOR_READER_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_JSON_TENSOR_READER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/bytes.h"
#include "server/api/element_type.h"
#include "server/json/json_reader.h"

namespace lamina::server {

/// A tensor on its way out of a JSON text: arrays inside arrays, whose lengths make its shape, down to elements of one
/// type. Numbers are parsed straight into the tensor's memory, which grows with the text that was read and never takes
/// more than a few times its size. Strings are views of the text or of the reader's memory.
class JsonTensorReader {
 public:
  /// `base64`: a string may also be {"b64": "..."}, as TensorFlow Serving writes bytes.
  explicit JsonTensorReader(ElementType type, bool base64 = false) : type_(type), base64_(base64) {}

  JsonTensorReader(JsonTensorReader&&) = default;
  JsonTensorReader& operator=(JsonTensorReader&&) = default;

  /// Makes room for so many elements at once. False: there is no memory for them, which the JSON reader has as its
  /// error. REQUIRES: not more than the text can hold.
  bool Reserve(JsonReader& json, size_t count);

  /// Reads one value: a tensor, or the next one of several of the same shape, which lie one behind the other. False
  /// when it is none, with what is wrong in the JSON reader.
  bool Read(JsonReader& json);

  /// The shape of each value that was read.
  std::span<const int64_t> shape() const { return shape_; }
  size_t values() const { return values_; }
  size_t count() const { return count_; }
  /// The elements; empty when they are strings.
  std::span<const std::byte> data() const { return std::span(memory_.data(), count_ * ElementSize(type_)); }
  std::span<const std::string_view> strings() const { return strings_; }

 private:
  bool ReadValue(JsonReader& json, size_t depth);
  bool ReadArray(JsonReader& json, size_t depth);
  bool ReadElement(JsonReader& json);
  bool ReadHalf(JsonReader& json);
  bool ReadString(JsonReader& json);
  bool ReadBase64(JsonReader& json);
  template <typename T>
  bool ReadNumber(JsonReader& json);
  template <typename T>
  bool Put(JsonReader& json, T value);
  bool PutString(JsonReader& json, std::string_view value);

  ElementType type_;
  bool base64_;
  std::vector<int64_t> shape_;
  std::optional<size_t> rank_;  // known once an element was read
  size_t values_ = 0;
  size_t count_ = 0;
  Bytes memory_;
  std::vector<std::string_view> strings_;
  std::deque<std::string> decoded_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_JSON_TENSOR_READER_H_
