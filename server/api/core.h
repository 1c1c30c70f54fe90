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
#include "server/api/origin.h"
#include "server/api/repository.h"
#include "server/api/statistics.h"
#include "server/api/tensor.h"
#include "server/shared_memory/shared_memory.h"

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

  /// Every load of the start has finished, and something is there to serve.
  virtual bool Ready() const = 0;

  // Changes to the models, one after the other in the order in which they came. Each returns at once and calls `done`
  // when it has been made: models are loaded, or have failed to be. Requests go on meanwhile: a model that is replaced
  // answers until the new one does, and requests that run end on the version that they began on. A core whose models
  // are fixed says UNIMPLEMENTED.

  /// Every version of every model that is configured or was unloaded, by name and version; or those that answer.
  virtual std::vector<IndexEntry> RepositoryIndex(bool ready_only) const;

  /// Loads a model as it is configured, or with the settings of `config` over that: a JSON object with keys of
  /// config.json. One that is loaded is looked at again: for new versions, and for those that failed.
  virtual void LoadModel(const std::string& model, const std::optional<std::string>& config, ChangeDone done);

  /// Takes a model away from new requests. Its versions are unloaded when their last request is done.
  virtual void UnloadModel(const std::string& model, ChangeDone done);

  /// Reads config.json again and makes the models what it says. A file with any problem changes nothing.
  virtual void ReloadConfig(ChangeDone done);

  /// Makes the models these, and no others.
  virtual void SetModels(std::vector<WantedModel> models, ChangeDone done);

  /// The memory that clients on this machine share with the server.
  SharedMemory& shared_memory() { return shared_memory_; }

  /// What the versions that answer have done: one of a model, all of a model when no version is named, or all of all
  /// when `model` is empty.
  virtual absl::StatusOr<std::vector<ModelStatistics>> Statistics(std::string_view model,
                                                                  VersionSelector version) const;

  /// Every metric (server/metrics/metric_table.h) in Prometheus's text format.
  virtual std::string MetricsText() const;

  /// Counts a call about a model that is no inference, for the metrics. Inferences count themselves.
  virtual void CountCall(const Origin& origin, std::string_view model, VersionSelector version, bool ok);

 private:
  SharedMemory shared_memory_;
};

inline constexpr std::string_view kServerName = "lamina";

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_CORE_H_
