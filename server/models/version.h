#ifndef LAMINA_SERVER_MODELS_VERSION_H_
#define LAMINA_SERVER_MODELS_VERSION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "server/engine/compiled_model.h"
#include "server/metrics/version_statistics.h"
#include "server/models/failure_log.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// A version that answers requests. Requests hold it by shared_ptr<const Version>: it is unloaded when the last one
/// lets go.
struct Version {
  int64_t number = 0;
  std::unique_ptr<CompiledModel> model;
  std::shared_ptr<VersionStatistics> statistics;
  std::unique_ptr<FailureLog> failures;
  /// The first dimension of every input is of any size: what counts as the size of a batch.
  bool batched = false;
};

/// Where versions go when their last request has let go of them, so that whoever owns the model destroys them on a
/// thread of its own: destroying one takes time, and must not happen inside one of its own requests. Thread-safe.
class VersionReturn {
 public:
  /// `on_return` is called on the thread of the last request, and has to be short.
  explicit VersionReturn(std::function<void()> on_return) : on_return_(std::move(on_return)) {}

  /// A version whose way ends in `back`.
  static std::shared_ptr<const Version> Share(std::unique_ptr<Version> version, std::shared_ptr<VersionReturn> back) {
    return std::shared_ptr<const Version>(version.release(),
                                          [back = std::move(back)](const Version* returned) { back->Put(returned); });
  }

  std::vector<std::unique_ptr<const Version>> Take() {
    MutexLock lock(mutex_);
    return std::exchange(returned_, {});
  }

 private:
  void Put(const Version* version) {
    MutexLock lock(mutex_);
    returned_.emplace_back(version);
    on_return_();
  }

  Mutex mutex_;
  std::vector<std::unique_ptr<const Version>> returned_ ABSL_GUARDED_BY(mutex_);
  const std::function<void()> on_return_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_VERSION_H_
