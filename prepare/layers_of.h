// What a library's layers take, from its manifest.
#ifndef LAMINA_PREPARE_LAYERS_OF_H_
#define LAMINA_PREPARE_LAYERS_OF_H_

#include <vector>

#include "prepare/prepare.h"
#include "sdk/loader/manifest.h"

namespace lamina::prepare {

/// The library's ONNX bindings, for Options::layers.
std::vector<LayerBinding> LayersOf(const loader::Manifest& manifest);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_LAYERS_OF_H_
