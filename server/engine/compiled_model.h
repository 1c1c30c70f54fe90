#ifndef LAMINA_SERVER_ENGINE_COMPILED_MODEL_H_
#define LAMINA_SERVER_ENGINE_COMPILED_MODEL_H_

#include <chrono>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "server/api/infer_request.h"
#include "server/api/metadata.h"
#include "server/api/statistics.h"
#include "server/api/tensor.h"

namespace lamina::server {

/// When the parts of an inference ended. What did not come about is the clock's zero.
struct InferTimes {
  using Clock = std::chrono::steady_clock;

  /// Its turn came. Zero when it did not have to wait.
  Clock::time_point turn;
  /// The inputs were in place, and the model began.
  Clock::time_point started;
  Clock::time_point computed;
  /// The requests whose rows the model took in one execution, for the one of them that counts it; 0 for the others.
  size_t together = 1;
};

/// One version of a model, ready to run. Thread-safe.
///
/// Its owner destroys it on a thread of its own choice when no request uses it any more: never inside a `done`.
class CompiledModel {
 public:
  virtual ~CompiledModel() = default;

  virtual const std::shared_ptr<const Signature>& signature() const = 0;

  /// The format of the model's file, as in ModelMetadata::platform.
  virtual const std::string& platform() const = 0;

  /// Checks the request against the signature, waits for its turn and runs it; see Core::InferAsync.
  using Done = absl::AnyInvocable<void(absl::Status, const InferTimes&)>;
  virtual void InferAsync(const InferRequest& request, OutputSink& sink, Done done) = 0;

  /// Does what makes it quicker, but takes too long to be waited for before the first request. Called once, by its
  /// owner, while requests run.
  virtual void Refine() {}

  virtual Occupancy occupancy() const = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_COMPILED_MODEL_H_
