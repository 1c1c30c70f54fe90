#ifndef LAMINA_SERVER_PROTOCOLS_TFSERVING_MODEL_SPEC_H_
#define LAMINA_SERVER_PROTOCOLS_TFSERVING_MODEL_SPEC_H_

#include <string_view>

#include "absl/status/status.h"
#include "proto/tensorflow_serving/model.pb.h"
#include "server/api/infer_request.h"

namespace lamina::server {

/// The one signature that a model of ours has.
inline constexpr char kSignatureName[] = "serving_default";

/// The version that a request names; a view of its label.
VersionSelector ParseVersion(const tensorflow::serving::ModelSpec& spec);

/// An error when a request asks for another signature.
absl::Status CheckSignatureName(std::string_view name);
absl::Status CheckSignatureName(const tensorflow::serving::ModelSpec& spec);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_TFSERVING_MODEL_SPEC_H_
