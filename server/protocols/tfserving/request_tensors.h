#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_REQUEST_TENSORS_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_REQUEST_TENSORS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "server/api/bytes.h"
#include "server/api/derived_memory.h"
#include "server/api/tensor.h"
#include "server/protocols/tfserving/request_message.h"

namespace lamina::server {

/// The inputs of a Predict request in the core's terms: views of the message's own memory, which must outlive this.
/// Elements are copied only from lists that the wire does not hold as memory does (integers, lists in several pieces)
/// or that leave out repeated ones.
class TfRequestTensors {
 public:
  /// A message of a few bytes may stand for so much: lists that leave out repeated elements.
  static constexpr size_t kMostLeftOut = size_t{1} << 28;

  TfRequestTensors() = default;
  TfRequestTensors(const TfRequestTensors&) = delete;
  TfRequestTensors& operator=(const TfRequestTensors&) = delete;

  /// Checks all that can be checked without knowing the model; INVALID_ARGUMENT says what is wrong, RESOURCE_EXHAUSTED
  /// that there is no memory for it now. To be called once.
  absl::Status Read(std::span<const TfInputMessage> inputs);

  std::span<const InputTensor> tensors() const { return tensors_; }

 private:
  absl::Status ReadInput(const TfInputMessage& input);
  absl::Status ReadContent(std::string_view content, size_t count, InputTensor& tensor);
  absl::Status ReadTyped(const WirePieces& proto, size_t count, InputTensor& tensor);
  absl::Status ReadStrings(const WirePieces& proto, bool has_content, size_t count, InputTensor& tensor);

  /// The elements of the list `name`, the field `number`, whose elements are `Wire` on the wire.
  template <typename Element, typename Wire = Element>
  absl::Status ReadList(const WirePieces& proto, uint32_t number, const char* name, size_t count, InputTensor& tensor);

  /// Checks that a list does not hold too many elements, and may grow to what the shape says.
  absl::Status CheckLength(size_t length, const char* list, size_t count, size_t element_size,
                           const InputTensor& tensor);

  absl::InlinedVector<InputTensor, 4> tensors_;
  absl::InlinedVector<int64_t, 16> shapes_;
  std::vector<std::vector<std::string_view>> strings_;
  std::vector<Bytes> copies_;
  DerivedMemory memory_;  // of strings_ and copies_
  size_t left_out_ = 0;   // bytes of lists that leave out elements, as they are when they are whole
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_REQUEST_TENSORS_H_
