#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REQUEST_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REQUEST_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "server/api/tensor.h"
#include "server/protocols/http/json_reader.h"
#include "server/protocols/kserve/rest_binary.h"
#include "server/protocols/kserve/rest_input.h"

namespace lamina::server {

/// The body of an infer request over REST in the core's terms: views of the body, which must outlive this, and of
/// tensors that were read out of its JSON. Binary tensors are not copied.
class KserveRestRequest {
 public:
  /// Checks all that can be checked without knowing the model; INVALID_ARGUMENT says what is wrong. `json_size`: the
  /// value of kJsonSizeHeader. To be called once.
  absl::Status Read(std::string_view body, std::string_view json_size);

  std::span<const InputTensor> inputs() const { return tensors_; }
  std::span<const std::string_view> outputs() const { return output_names_; }
  /// Whether the reply's output at this place is wanted as binary data.
  bool IsBinary(size_t output) const;
  /// What the client calls the request; it gets it back.
  std::optional<std::string_view> id() const { return id_; }
  /// How long the client is willing to wait.
  std::optional<std::chrono::microseconds> timeout() const { return timeout_; }

 private:
  bool ReadJson(JsonReader& json);
  bool ReadMember(JsonReader& json, std::string_view key);
  bool ReadParameters(JsonReader& json);
  bool ReadInputs(JsonReader& json);
  bool ReadOutputs(JsonReader& json);
  bool ReadOutput(JsonReader& json);
  bool ReadOutputParameters(JsonReader& json, std::optional<bool>& binary);
  absl::Status CheckNames() const;
  absl::Status TakeBinary(const RestBody& body);

  std::optional<JsonReader> json_;  // owns strings that had escapes
  std::vector<KserveRestInput> inputs_;
  std::vector<InputTensor> tensors_;
  std::vector<std::string_view> output_names_;
  std::vector<std::optional<bool>> output_binary_;
  bool all_binary_ = false;  // outputs that do not say otherwise
  bool has_inputs_ = false;
  std::optional<std::string_view> id_;
  std::optional<std::chrono::microseconds> timeout_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REQUEST_H_
