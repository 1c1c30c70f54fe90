#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_CALL_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_CALL_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/bytes.h"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"
#include "server/protocols/tfserving/request_message.h"
#include "server/protocols/tfserving/request_tensors.h"
#include "server/protocols/wire/reply_pieces.h"

namespace lamina::server {

/// One Predict without protobuf: the request's message is read where it lies, and the core's outputs are written into
/// the pieces of the response's message. The message must stay until Finish() has returned. Used by one thread at a
/// time.
class TfCall final : public OutputSink {
 public:
  TfCall() = default;
  TfCall(const TfCall&) = delete;
  TfCall& operator=(const TfCall&) = delete;

  /// Checks the message and fills request(): INVALID_ARGUMENT says what is wrong. To be called once, first.
  absl::Status Read(std::span<const std::byte> message);

  InferRequest& request() { return request_; }
  OutputSink& outputs() { return *this; }

  /// The response's message, its pieces to be sent one behind the other. To be called once, after the core has
  /// succeeded.
  std::vector<Bytes> Finish(const InferResult& result);

  absl::StatusOr<std::span<std::byte>> Reserve(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                               size_t byte_size) override;
  absl::Status PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                          std::span<const std::string> values) override;

 private:
  /// Writes an output's entry of the response's map but for its last `elements` bytes, and gives their memory. `head`:
  /// the size of tensor_content's tag and length, or 0 when they are elements of string_val.
  absl::StatusOr<std::span<std::byte>> AddOutput(const TensorInfo& output, std::span<const int64_t> shape, size_t head,
                                                 size_t elements);
  /// Of what Finish() writes.
  size_t MaxEndSize() const;

  TfRequestMessage message_;
  TfRequestTensors inputs_;
  InferRequest request_;
  ReplyPieces reply_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_CALL_H_
