#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_REQUEST_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "server/api/metadata.h"
#include "server/api/tensor.h"
#include "server/json/json_reader.h"
#include "server/protocols/http/json_tensor_reader.h"

namespace lamina::server {

/// The body of a :predict over REST in the core's terms. Its types are not in it: they are the model's. It comes in
/// rows ({"instances": [...]}, an entry a row) or in columns ({"inputs": ...}, an entry an input); a model with one
/// input may do without its name.
class TfRestRequest {
 public:
  enum class Format { kRow, kColumn };

  explicit TfRestRequest(std::shared_ptr<const Signature> signature) : signature_(std::move(signature)) {}

  /// Checks all that can be checked before the model does; INVALID_ARGUMENT says what is wrong. The body must outlive
  /// this. To be called once.
  absl::Status Read(std::string_view body);

  /// REQUIRES: Read() has succeeded.
  Format format() const { return *format_; }
  std::span<const InputTensor> inputs() const { return tensors_; }

 private:
  /// An input that the body has.
  struct Column {
    const TensorInfo* info;
    JsonTensorReader elements;
    std::vector<int64_t> shape;
  };

  bool ReadJson(JsonReader& json);
  bool ReadSignatureName(JsonReader& json);
  bool ReadRows(JsonReader& json);
  /// An object of inputs, or the only input without a name: in a row, or all of the columns.
  bool ReadInputs(JsonReader& json, size_t row);
  bool ReadNamed(JsonReader& json, size_t row);
  bool ReadUnnamed(JsonReader& json);
  bool CheckRow(JsonReader& json, size_t row);
  Column* FindColumn(JsonReader& json, std::string_view name);
  bool IsBase64(JsonReader& json) const;

  const std::shared_ptr<const Signature> signature_;
  std::optional<JsonReader> json_;  // owns strings that had escapes
  std::optional<Format> format_;
  std::optional<bool> named_;
  std::vector<Column> columns_;
  size_t next_column_ = 0;  // where the next name is, if the rows have their names in the same order
  std::vector<InputTensor> tensors_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_REQUEST_H_
