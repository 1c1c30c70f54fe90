// What OpenVINO is given: extensions for layers.
#ifndef LAMINA_EXTENSION_BRIDGE_EXTENSIONS_H_
#define LAMINA_EXTENSION_BRIDGE_EXTENSIONS_H_

#include <memory>
#include <vector>

#include "extension/bridge/layer.h"
#include "openvino/core/extension.hpp"

namespace lamina::bridge {

/// For each layer its operation, for reading saved models, and for each operator that layers are bound to a mapping.
std::vector<std::shared_ptr<ov::Extension>> ExtensionsOf(const Layers& layers);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_EXTENSIONS_H_
