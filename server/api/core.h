#ifndef LAMINA_SERVER_API_CORE_H_
#define LAMINA_SERVER_API_CORE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/api/infer_request.h"
#include "server/api/metadata.h"
#include "server/api/tensor.h"

namespace lamina::server {

/// Called once when a request is done: with the result, or with an error of a canonical code whose message may go to
/// the client.
using InferDone = absl::AnyInvocable<void(absl::StatusOr<InferResult>)>;

/// The server as protocols see it: they translate their messages to these calls and back, and nothing else.
/// Every function may be called from any thread at any time, and none throws.
///
/// A model or version that is not there is NOT_FOUND with `Servable not found for request: Specific(name, version)`;
/// one that is still loading, or could not be loaded, is UNAVAILABLE or FAILED_PRECONDITION with the reason.
class Core {
 public:
  virtual ~Core() = default;

  /// Runs one inference and returns when it is done.
  virtual absl::StatusOr<InferResult> Infer(const InferRequest& request, OutputSink& sink) = 0;

  /// Runs one inference and calls `done`, on this thread before returning (a model of microseconds, an error) or on
  /// another later. `request`, all that it views, and `sink` must stay until `done` is called.
  virtual void InferAsync(const InferRequest& request, OutputSink& sink, InferDone done) = 0;

  virtual absl::StatusOr<ModelMetadata> Metadata(std::string_view model, VersionSelector version) const = 0;

  /// The state of one version, or of all, ascending, when none is named. Includes versions that failed or have ended.
  virtual absl::StatusOr<std::vector<VersionStatus>> Status(std::string_view model,
                                                            std::optional<VersionSelector> version) const = 0;

  /// OK when the version (or the default one) answers requests.
  virtual absl::Status ModelReady(std::string_view model, VersionSelector version) const = 0;

  /// The names of all configured models, in alphabetical order.
  virtual std::vector<std::string> Models() const = 0;

  /// The process works; false once it has begun to stop.
  virtual bool Live() const = 0;

  /// Every first load has finished, and something is there to serve.
  virtual bool Ready() const = 0;
};

inline constexpr std::string_view kServerName = "lamina";

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_CORE_H_
