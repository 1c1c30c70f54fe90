#include "prepare/layers_of.h"

#include <string>

namespace lamina::prepare {

std::vector<LayerBinding> LayersOf(const loader::Manifest& manifest) {
  std::vector<LayerBinding> bindings;
  for (const loader::LayerInfo& layer : manifest.layers) {
    std::vector<std::string> attributes;
    for (const loader::AttributeInfo& attribute : layer.attributes) attributes.push_back(attribute.name);
    for (const loader::Binding& binding : layer.bindings) {
      if (binding.framework != "onnx") continue;
      bindings.push_back({binding.domain, binding.operator_name, static_cast<int>(binding.since),
                          static_cast<int>(binding.until), attributes});
    }
  }
  return bindings;
}

}  // namespace lamina::prepare
