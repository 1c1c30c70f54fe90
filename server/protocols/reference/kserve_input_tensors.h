#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_KSERVE_INPUT_TENSORS_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_KSERVE_INPUT_TENSORS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "proto/kserve/inference.pb.h"
#include "server/api/tensor.h"

namespace lamina::server {

/// The inputs of a KServe request in the core's terms: views of the message's own memory, which must outlive this. Only
/// elements that the wire widens (INT8 in int_contents, ...) are copied.
class KserveInputTensors {
 public:
  /// Checks all that can be checked without knowing the model; INVALID_ARGUMENT says what is wrong.
  absl::Status Read(const inference::ModelInferRequest& message);

  std::span<const InputTensor> tensors() const { return tensors_; }

 private:
  using Input = inference::ModelInferRequest::InferInputTensor;

  absl::Status ReadInput(const inference::ModelInferRequest& message, int index);
  absl::Status ReadRaw(const std::string& raw, size_t count, InputTensor& tensor);
  absl::Status ReadRawStrings(const std::string& raw, size_t count, InputTensor& tensor);
  absl::Status ReadTyped(const inference::InferTensorContents& contents, size_t count, InputTensor& tensor);
  absl::Status ReadTypedStrings(const inference::InferTensorContents& contents, size_t count, InputTensor& tensor);

  template <typename Field>
  absl::Status View(const Field& field, const char* list, size_t count, InputTensor& tensor);
  template <typename Narrow, typename Field>
  absl::Status Copy(const Field& field, const char* list, size_t count, InputTensor& tensor);

  std::vector<InputTensor> tensors_;
  std::vector<std::vector<std::string_view>> strings_;
  std::vector<std::vector<std::byte>> copies_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_KSERVE_INPUT_TENSORS_H_
