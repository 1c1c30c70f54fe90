#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_PREDICT_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_PREDICT_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/core.h"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"
#include "server/protocols/http/http.h"
#include "server/protocols/http/json_tensor_writer.h"
#include "server/protocols/http/path.h"
#include "server/protocols/tfserving/rest_request.h"

namespace lamina::server {

/// The version that a path of TensorFlow Serving names, by {version} or {label}; views of `path`.
absl::StatusOr<VersionSelector> ParseTfVersion(const PathParameters& path);

/// One :predict over REST: its body read into the core's terms, and the core's outputs made into a reply in the same
/// format, rows or columns. `core` and `request` must outlive it. Used by one thread at a time.
class TfRestPredict final : public OutputSink {
 public:
  TfRestPredict(const Core& core, const HttpRequest& request, PathParameters path)
      : core_(core), http_(request), path_(std::move(path)) {}

  TfRestPredict(const TfRestPredict&) = delete;
  TfRestPredict& operator=(const TfRestPredict&) = delete;

  /// Checks the body and fills request(). To be called once, first.
  absl::Status Read();

  InferRequest& request() { return request_; }
  OutputSink& outputs() { return *this; }

  /// The reply, after the core has succeeded.
  absl::StatusOr<HttpResponse> Finish(const InferResult& result);

  absl::StatusOr<std::span<std::byte>> Reserve(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                               size_t byte_size) override;
  absl::Status PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                          std::span<const std::string> values) override;

 private:
  absl::Status CheckRows() const;
  void WriteRows(JsonWriter& json) const;
  void WriteColumns(JsonWriter& json) const;

  const Core& core_;
  const HttpRequest& http_;
  const PathParameters path_;
  std::optional<TfRestRequest> body_;
  InferRequest request_;
  std::vector<OutputTensor> outputs_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_REST_PREDICT_H_
