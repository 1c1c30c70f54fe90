#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_KSERVE_INFER_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_KSERVE_INFER_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "proto/kserve/inference.pb.h"
#include "server/api/core.h"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"
#include "server/protocols/reference/kserve_input_tensors.h"
#include "server/protocols/kserve/version.h"

namespace lamina::server {

/// One ModelInfer: the request's message read into the core's terms, and the core's outputs written into the response's
/// message, where they lie as raw contents. Both messages must outlive it. Used by one thread at a time.
class KserveInfer final : public OutputSink {
 public:
  KserveInfer(const inference::ModelInferRequest& message, inference::ModelInferResponse& response)
      : message_(message), response_(response) {}

  KserveInfer(const KserveInfer&) = delete;
  KserveInfer& operator=(const KserveInfer&) = delete;

  /// Checks the message and fills request(). To be called once, first.
  absl::Status Read();

  InferRequest& request() { return request_; }
  OutputSink& outputs() { return *this; }

  /// Completes the response after the core has succeeded.
  void Finish(const InferResult& result);

  absl::StatusOr<std::span<std::byte>> Reserve(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                               size_t byte_size) override;
  absl::Status PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                          std::span<const std::string> values) override;

 private:
  absl::Status ReadOutputs();
  std::string& AddOutput(const TensorInfo& output, std::span<const int64_t> shape);

  const inference::ModelInferRequest& message_;
  inference::ModelInferResponse& response_;
  KserveInputTensors inputs_;
  std::vector<std::string_view> output_names_;
  InferRequest request_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_KSERVE_INFER_H_
