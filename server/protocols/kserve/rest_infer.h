#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_INFER_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_INFER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/core.h"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"
#include "server/protocols/http/http.h"
#include "server/protocols/http/json_tensor_writer.h"
#include "server/protocols/http/path.h"
#include "server/protocols/kserve/rest_request.h"

namespace lamina::server {

/// One infer request over REST: its body read into the core's terms, and the core's outputs made into a reply, in which
/// binary ones lie where the model wrote them, or into shared memory. `request` must outlive it. Used by one thread at
/// a time.
class KserveRestInfer final : public OutputSink {
 public:
  /// `path` names the model and perhaps the version. `shared_memory` must outlive this, too.
  KserveRestInfer(const HttpRequest& request, PathParameters path, const SharedMemory& shared_memory)
      : http_(request), path_(std::move(path)), shared_memory_(shared_memory) {}

  KserveRestInfer(const KserveRestInfer&) = delete;
  KserveRestInfer& operator=(const KserveRestInfer&) = delete;

  /// Checks the body and fills request(). To be called once, first.
  absl::Status Read();

  InferRequest& request() { return request_; }
  OutputSink& outputs() { return *this; }

  /// The reply, after the core has succeeded. An error when an output's shared memory was taken away.
  absl::StatusOr<HttpResponse> Finish(const InferResult& result);

  absl::StatusOr<std::span<std::byte>> Reserve(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                               size_t byte_size) override;
  absl::Status PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                          std::span<const std::string> values) override;

 private:
  enum class Form { kJson, kBinary, kShared };

  struct Output {
    OutputTensor tensor;
    Form form = Form::kJson;
  };

  Form FormOf(size_t index, const TensorInfo& output) const;
  /// Adds an output that is no text, and gives its memory.
  absl::StatusOr<std::span<std::byte>> AddOutput(Form form, const TensorInfo& output, std::span<const int64_t> shape,
                                                 size_t byte_size);

  void WriteOutput(const Output& output, JsonWriter& json) const;

  const HttpRequest& http_;
  const PathParameters path_;
  const SharedMemory& shared_memory_;
  KserveRestRequest body_;
  InferRequest request_;
  absl::InlinedVector<Output, 1> outputs_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_INFER_H_
