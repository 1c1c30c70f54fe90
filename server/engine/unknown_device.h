#ifndef LAMINA_SERVER_ENGINE_UNKNOWN_DEVICE_H_
#define LAMINA_SERVER_ENGINE_UNKNOWN_DEVICE_H_

#include <string>

#include "absl/status/status.h"
#include "openvino/runtime/core.hpp"

namespace lamina::server {

/// `failed`, with which `device` did not compile a model; if it names one that this machine does not have, an error
/// that says which, and those that there are.
absl::Status ExplainUnknownDevice(absl::Status failed, ov::Core& core, const std::string& device);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_UNKNOWN_DEVICE_H_
