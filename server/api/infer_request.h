#ifndef LAMINA_SERVER_API_INFER_REQUEST_H_
#define LAMINA_SERVER_API_INFER_REQUEST_H_

#include <chrono>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string_view>

#include "server/api/origin.h"
#include "server/api/tensor.h"

namespace lamina::server {

/// Which version of a model: a number, a label, or the default one (the highest that is available).
struct VersionSelector {
  /// 0: the default version. Ignored when there is a label.
  int64_t version = 0;
  std::string_view label;
};

/// One inference. Everything here is a view: it must stay until the request is done.
struct InferRequest {
  std::string_view model;
  VersionSelector version;
  /// In any order; every input of the model exactly once.
  std::span<const InputTensor> inputs;
  /// Names of the outputs wanted, in the order of the reply; empty means all, in the model's order.
  std::span<const std::string_view> outputs;
  /// A request that still waits then fails with DEADLINE_EXCEEDED.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  /// A stop takes the request out of the queue, or asks the running inference to end early: CANCELLED.
  std::stop_token cancelled;
  /// For the metrics.
  Origin origin;
};

/// What a finished request says besides its outputs.
struct InferResult {
  /// The version that answered.
  int64_t version = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_INFER_REQUEST_H_
