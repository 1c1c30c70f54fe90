#ifndef LAMINA_SERVER_ENGINE_SHAPE_TRIAL_H_
#define LAMINA_SERVER_ENGINE_SHAPE_TRIAL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "openvino/core/model.hpp"
#include "server/engine/infer_call.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// Whether the shapes of a request's inputs fit a model and each other, found out without running it. Thread-safe.
class ShapeTrial {
 public:
  ShapeTrial(std::string owner, std::shared_ptr<const ov::Model> model)
      : owner_(std::move(owner)), given_(std::move(model)) {}

  /// INVALID_ARGUMENT with the node that refuses them. Takes milliseconds, unless these shapes have been taken before.
  /// UNKNOWN if the model refuses them, but has not taken any others yet: some with loops take none that are known.
  absl::Status Check(const InferCall& call);

 private:
  absl::Status TakeOn(const std::vector<ov::PartialShape>& shapes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string owner_;
  const std::shared_ptr<const ov::Model> given_;
  Mutex mutex_;
  /// A copy, which takes on one request's shapes after another's.
  std::shared_ptr<ov::Model> model_ ABSL_GUARDED_BY(mutex_);
  bool judges_ ABSL_GUARDED_BY(mutex_) = false;  // it has taken some
  absl::flat_hash_set<std::vector<int64_t>> fit_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_SHAPE_TRIAL_H_
