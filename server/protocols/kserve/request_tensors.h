#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REQUEST_TENSORS_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REQUEST_TENSORS_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/bytes.h"
#include "server/api/derived_memory.h"
#include "server/api/tensor.h"
#include "server/protocols/kserve/request_message.h"
#include "server/protocols/kserve/shared_memory.h"

namespace lamina::server {

/// The inputs of a KServe request in the core's terms: views of the message's own memory, which must outlive this.
/// Copied are typed contents that the wire does not hold as memory does (integers, lists in several pieces), and
/// tensors in shared memory, so that nobody changes what was checked already.
class KserveRequestTensors {
 public:
  /// Without `shared_memory` tensors in it are refused.
  explicit KserveRequestTensors(const SharedMemory* shared_memory = nullptr) : shared_memory_(shared_memory) {}
  KserveRequestTensors(const KserveRequestTensors&) = delete;
  KserveRequestTensors& operator=(const KserveRequestTensors&) = delete;

  /// Checks all that can be checked without knowing the model; INVALID_ARGUMENT says what is wrong, RESOURCE_EXHAUSTED
  /// that there is no memory for it now. To be called once.
  absl::Status Read(const KserveRequestMessage& message);

  std::span<const InputTensor> tensors() const { return tensors_; }

 private:
  absl::Status ReadInput(const KserveRequestMessage& message, size_t index);
  absl::Status WrongRawCount(const KserveRequestMessage& message) const;
  /// Reads an input whose parameters place it in shared memory; false when they do not.
  absl::StatusOr<bool> ReadShared(const KserveParameters& parameters, size_t count, InputTensor& tensor);
  absl::Status ReadRaw(WireBytes raw, size_t count, InputTensor& tensor);
  absl::Status ReadRawStrings(WireBytes raw, size_t count, InputTensor& tensor);
  absl::Status ReadTyped(const WirePieces& contents, size_t count, InputTensor& tensor);
  absl::Status ReadTypedStrings(const WirePieces& contents, size_t count, InputTensor& tensor);

  /// The elements of the list `name`, the field `number`, whose elements are `Wire` on the wire.
  template <typename Element, typename Wire = Element>
  absl::Status ReadList(const WirePieces& contents, uint32_t number, const char* name, size_t count,
                        InputTensor& tensor);

  const SharedMemory* const shared_memory_;
  size_t next_raw_ = 0;  // of raw_input_contents, of which tensors in shared memory have none
  absl::InlinedVector<InputTensor, 4> tensors_;
  absl::InlinedVector<int64_t, 16> shapes_;
  std::vector<std::vector<std::string_view>> strings_;
  std::vector<Bytes> copies_;
  DerivedMemory memory_;  // of strings_ and copies_
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REQUEST_TENSORS_H_
