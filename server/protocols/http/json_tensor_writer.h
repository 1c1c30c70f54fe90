#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_JSON_TENSOR_WRITER_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_JSON_TENSOR_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "server/api/bytes.h"
#include "server/api/element_type.h"
#include "server/protocols/http/json_writer.h"

namespace lamina::server {

/// An output of a reply, kept until all of them are there.
struct OutputTensor {
  std::string name;
  ElementType type = ElementType::kUndefined;
  absl::InlinedVector<int64_t, 8> shape;
  Bytes data;                        // the elements, or those of a kString tensor in the way of the protocol
  std::vector<std::string> strings;  // or here
};

/// How the elements of a kString tensor are written: as they are, or as {"b64": "..."}.
enum class StringForm { kText, kBase64 };

/// Elements `begin` to `begin + count` of a tensor in a row, without brackets.
void WriteElements(const OutputTensor& tensor, size_t begin, size_t count, StringForm form, JsonWriter& json);

/// A tensor as arrays inside arrays, one for each dimension from `from` on, its elements from `begin` on: with `from`
/// 1, one row of it.
void WriteNested(const OutputTensor& tensor, size_t from, size_t begin, StringForm form, JsonWriter& json);

/// An error when strings that are to be written as text are not UTF-8; `remedy` says what else a client can do.
absl::Status CheckText(const OutputTensor& tensor, const std::string& remedy);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_JSON_TENSOR_WRITER_H_
