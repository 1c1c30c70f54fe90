#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REQUEST_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REQUEST_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "server/api/tensor.h"
#include "server/json/json_reader.h"
#include "server/protocols/kserve/rest_binary.h"
#include "server/protocols/kserve/rest_input.h"
#include "server/protocols/kserve/rest_shared_place.h"
#include "server/protocols/kserve/shared_outputs.h"

namespace lamina::server {

/// The body of an infer request over REST in the core's terms: views of the body, which must outlive this, and of
/// tensors that were read out of its JSON or of shared memory. Binary tensors are not copied.
class KserveRestRequest {
 public:
  /// Checks all that can be checked without knowing the model; INVALID_ARGUMENT says what is wrong. `json_size`: the
  /// value of kJsonSizeHeader. FAILED_PRECONDITION: shared memory is not what it was. To be called once.
  absl::Status Read(std::string_view body, std::string_view json_size, const SharedMemory& shared_memory);

  std::span<const InputTensor> inputs() const { return tensors_; }
  std::span<const std::string_view> outputs() const { return output_names_; }
  /// Whether the reply's output at this place is wanted as binary data.
  bool IsBinary(size_t output) const;
  /// Those that go to shared memory.
  SharedOutputs& shared_outputs() { return shared_outputs_; }
  const SharedOutputs& shared_outputs() const { return shared_outputs_; }
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
  bool ReadOutputParameters(JsonReader& json, std::optional<bool>& binary, RestSharedPlace& shared);
  absl::Status CheckNames() const;
  absl::Status TakeBinary(const RestBody& body);
  absl::Status TakeShared(const SharedMemory& shared_memory);

  std::optional<JsonReader> json_;  // owns strings that had escapes
  std::vector<KserveRestInput> inputs_;
  absl::InlinedVector<InputTensor, 1> tensors_;
  std::vector<std::string_view> output_names_;
  std::vector<std::optional<bool>> output_binary_;
  std::vector<std::pair<std::string_view, SharedPlace>> output_places_;  // of those in shared memory, by name
  SharedOutputs shared_outputs_;
  bool all_binary_ = false;  // outputs that do not say otherwise
  bool has_inputs_ = false;
  std::optional<std::string_view> id_;
  std::optional<std::chrono::microseconds> timeout_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_REQUEST_H_
