#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_TFSERVING_PREDICT_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_TFSERVING_PREDICT_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "proto/tensorflow_serving/predict.pb.h"
#include "server/api/core.h"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"
#include "server/protocols/reference/tfserving_input_tensors.h"

namespace lamina::server {

/// One Predict: the request's message read into the core's terms, and the core's outputs written into the response's
/// message, numbers as tensor_content. Both messages must outlive it. Used by one thread at a time.
class TfPredict final : public OutputSink {
 public:
  TfPredict(const tensorflow::serving::PredictRequest& message, tensorflow::serving::PredictResponse& response)
      : message_(message), response_(response) {}

  TfPredict(const TfPredict&) = delete;
  TfPredict& operator=(const TfPredict&) = delete;

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
  tensorflow::TensorProto& AddOutput(const TensorInfo& output, std::span<const int64_t> shape);

  const tensorflow::serving::PredictRequest& message_;
  tensorflow::serving::PredictResponse& response_;
  TfInputTensors inputs_;
  std::vector<std::string_view> output_names_;
  InferRequest request_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_TFSERVING_PREDICT_H_
