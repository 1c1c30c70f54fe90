#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_CALL_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_CALL_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/bytes.h"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"
#include "server/protocols/kserve/request_message.h"
#include "server/protocols/kserve/request_tensors.h"
#include "server/protocols/kserve/shared_outputs.h"
#include "server/protocols/wire/reply_pieces.h"

namespace lamina::server {

/// One ModelInfer without protobuf: the request's message is read where it lies, and the core's outputs are written
/// into the pieces of the response's message. The message must stay until Finish() has returned. Used by one thread at
/// a time.
class KserveCall final : public OutputSink {
 public:
  /// Without `shared_memory` tensors in it are refused.
  KserveCall() = default;
  explicit KserveCall(const SharedMemory& shared_memory) : shared_memory_(&shared_memory), inputs_(&shared_memory) {}
  KserveCall(const KserveCall&) = delete;
  KserveCall& operator=(const KserveCall&) = delete;

  /// Checks the message and fills request(): INVALID_ARGUMENT says what is wrong. To be called once, first.
  absl::Status Read(std::span<const std::byte> message);

  InferRequest& request() { return request_; }
  OutputSink& outputs() { return *this; }

  /// The message's parts that the core has no word for: id and parameters. Valid after Read().
  const KserveRequestMessage& message() const { return message_; }

  /// The response's message, its pieces to be sent one behind the other. To be called once, after the core has
  /// succeeded. An error when an output's shared memory was taken away.
  absl::StatusOr<std::vector<Bytes>> Finish(const InferResult& result);

  absl::StatusOr<std::span<std::byte>> Reserve(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                               size_t byte_size) override;
  absl::Status PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                          std::span<const std::string> values) override;

 private:
  absl::Status ReadOutputs();
  absl::Status ReadOutput(const KserveOutputMessage& output);
  /// Writes what stands before an output's raw contents, and gives their memory.
  absl::StatusOr<std::span<std::byte>> AddOutput(const TensorInfo& output, std::span<const int64_t> shape,
                                                 size_t byte_size);
  /// Of what Finish() writes.
  size_t MaxEndSize() const;

  const SharedMemory* const shared_memory_ = nullptr;
  KserveRequestMessage message_;
  KserveRequestTensors inputs_;
  absl::InlinedVector<std::string_view, 4> output_names_;
  InferRequest request_;
  ReplyPieces reply_;
  SharedOutputs shared_outputs_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_CALL_H_
