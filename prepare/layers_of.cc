#include "prepare/layers_of.h"

namespace lamina::prepare {

std::vector<LayerBinding> LayersOf(const loader::Manifest& manifest) {
  std::vector<LayerBinding> bindings;
  for (const loader::LayerInfo& layer : manifest.layers) {
    for (const loader::Binding& binding : layer.bindings) {
      if (binding.framework != "onnx") continue;
      bindings.push_back(
          {binding.domain, binding.operator_name, static_cast<int>(binding.since), static_cast<int>(binding.until)});
    }
  }
  return bindings;
}

}  // namespace lamina::prepare
