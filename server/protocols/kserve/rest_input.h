#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_INPUT_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "server/api/bytes.h"
#include "server/api/derived_memory.h"
#include "server/api/tensor.h"
#include "server/json/json_reader.h"
#include "server/protocols/http/json_tensor_reader.h"
#include "server/protocols/kserve/shared_place.h"

namespace lamina::server {

/// One entry of "inputs": its elements are in the JSON, flat or in arrays as its shape says, in the binary part, or
/// in shared memory. Keys and parameters that mean nothing to us are passed over.
class KserveRestInput {
 public:
  KserveRestInput() = default;
  KserveRestInput(KserveRestInput&&) = default;

  /// Reads the entry. False at an error, which the JSON reader has.
  bool Read(JsonReader& json);

  std::string_view name() const { return name_; }
  /// How many bytes of the binary part are this input's; nothing when its elements were in the JSON.
  std::optional<size_t> binary_size() const { return binary_size_; }

  /// Whether its elements are in shared memory.
  bool is_shared() const { return place_.has_value(); }

  /// Takes the elements from the binary part. REQUIRES: raw.size() == *binary_size().
  absl::Status TakeBinary(std::string_view raw, DerivedMemory& memory);

  /// Copies the elements from shared memory. REQUIRES: is_shared().
  absl::Status TakeShared(const SharedMemory& shared_memory, DerivedMemory& memory);

  /// A view of this, and of the body.
  InputTensor tensor() const;

 private:
  bool ReadMember(JsonReader& json, std::string_view key);
  bool ReadShape(JsonReader& json);
  bool ReadDatatype(JsonReader& json);
  bool ReadParameters(JsonReader& json);
  bool ReadOrPassData(JsonReader& json);
  bool ReadData(JsonReader& json);
  bool Complete(JsonReader& json);

  std::string_view name_;
  ElementType type_ = ElementType::kUndefined;
  std::optional<absl::InlinedVector<int64_t, 8>> shape_;
  size_t count_ = 0;
  std::optional<size_t> binary_size_;
  std::optional<JsonReader::Mark> passed_data_;  // "data" came before what it takes to read it
  std::optional<JsonTensorReader> data_;
  std::optional<SharedPlace> place_;
  Bytes copy_;  // of shared memory
  std::string_view raw_;
  std::vector<std::string_view> strings_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_INPUT_H_
