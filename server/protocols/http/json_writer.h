#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_JSON_WRITER_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_JSON_WRITER_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "server/api/bytes.h"

namespace lamina::server {

/// Writes a JSON text into memory that becomes part of a reply as it is. The caller opens and closes in pairs; the
/// commas come by themselves. Used by one thread at a time.
///
/// Floats are written with the fewest digits that read back to the same value, and always with a point or an exponent.
/// NaN and infinities become the words NaN, Infinity and -Infinity, as TensorFlow Serving and Triton write them: it is
/// not JSON, but what Python's json, tritonclient and most others read.
class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  JsonWriter& Key(std::string_view key);
  /// One that stands in the source. REQUIRES: nothing in it needs an escape.
  template <size_t N>
  JsonWriter& Key(const char (&key)[N]) {
    return PlainKey({key, N - 1});
  }
  /// Bytes that are not UTF-8 become U+FFFD, so that the text is valid whatever a name holds.
  JsonWriter& String(std::string_view text);
  JsonWriter& Bool(bool value);
  /// Defined for the fixed-width integers, float and double.
  template <typename T>
  JsonWriter& Number(T value) {
    return Numbers(std::span<const T>(&value, 1));
  }
  /// Elements of an array, without its brackets.
  template <typename T>
  JsonWriter& Numbers(std::span<const T> values);
  /// A whole value that is JSON already.
  JsonWriter& Raw(std::string_view json);

  size_t size() const { return size_; }
  /// Makes room for `more` bytes at once.
  void Reserve(size_t more) {
    if (more > memory_.size() - size_) Grow(more);
  }
  /// The text so far; the writer is empty then.
  Bytes Take();

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  void Grow(size_t more);
  void BeginValue();
  void Put(char c);
  void Append(std::string_view text);
  JsonWriter& PlainKey(std::string_view key);
  void PutPlain(std::string_view text);
  void PutQuoted(std::string_view text);

  Bytes memory_;
  size_t size_ = 0;
  bool comma_ = false;  // a value was written: another one needs a comma
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_JSON_WRITER_H_
