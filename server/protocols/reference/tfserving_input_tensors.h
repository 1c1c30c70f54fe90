#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_TFSERVING_INPUT_TENSORS_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_TFSERVING_INPUT_TENSORS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "proto/tensorflow/tensor.pb.h"
#include "proto/tensorflow_serving/predict.pb.h"
#include "server/api/tensor.h"

namespace lamina::server {

/// The inputs of a Predict request in the core's terms: views of the message's own memory, which must outlive this.
/// Elements are copied only where the wire widens them (DT_INT8 in int_val, ...) or leaves out repeated ones.
class TfInputTensors {
 public:
  /// What tensors with left-out elements may grow to, all inputs of a request together: a message of a few bytes must
  /// not be able to take all memory.
  static constexpr size_t kMaxGrownBytes = size_t{1} << 28;

  /// Checks all that can be checked without knowing the model; INVALID_ARGUMENT says what is wrong.
  absl::Status Read(const tensorflow::serving::PredictRequest& message);

  std::span<const InputTensor> tensors() const { return tensors_; }

 private:
  absl::Status ReadTensor(const std::string& name, const tensorflow::TensorProto& proto);
  absl::Status ReadShape(const tensorflow::TensorProto& proto, InputTensor& tensor);
  absl::Status ReadContent(const std::string& content, size_t count, InputTensor& tensor);
  absl::Status ReadList(const tensorflow::TensorProto& proto, size_t count, InputTensor& tensor);
  absl::Status ReadStrings(const tensorflow::TensorProto& proto, size_t count, InputTensor& tensor);

  /// The elements of a list that has their own type, or, through Copy(), a wider one.
  template <typename Element, typename Field>
  absl::Status View(const Field& field, const char* list, size_t count, InputTensor& tensor);
  template <typename Element, typename Field>
  absl::Status Copy(const Field& field, const char* list, size_t count, InputTensor& tensor);

  /// Checks that a list does not hold too many elements, and may grow to what the shape says.
  absl::Status CheckLength(size_t length, const char* list, size_t count, size_t element_size,
                           const InputTensor& tensor);

  std::vector<InputTensor> tensors_;
  std::vector<std::vector<int64_t>> shapes_;
  std::vector<std::vector<std::string_view>> strings_;
  std::vector<std::vector<std::byte>> copies_;
  size_t grown_bytes_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_TFSERVING_INPUT_TENSORS_H_
