#ifndef LAMINA_SERVER_ENGINE_UNKNOWN_PROPERTY_H_
#define LAMINA_SERVER_ENGINE_UNKNOWN_PROPERTY_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "openvino/runtime/core.hpp"

namespace lamina::server {

/// `failed`, with which `device` did not compile a model; if it is about a property of `plugin_config` that the device
/// does not have, an error that says which, and the one that was probably meant.
absl::Status ExplainUnknownProperty(absl::Status failed, ov::Core& core, const std::string& device,
                                    const std::map<std::string, std::string>& plugin_config);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_UNKNOWN_PROPERTY_H_
