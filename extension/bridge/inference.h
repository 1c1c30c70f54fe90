// Calls a layer's infer for an operation.
#ifndef LAMINA_EXTENSION_BRIDGE_INFERENCE_H_
#define LAMINA_EXTENSION_BRIDGE_INFERENCE_H_

#include <span>
#include <vector>

#include "extension/bridge/prepared_node.h"
#include "openvino/core/node.hpp"

namespace lamina::bridge {

/// Checks the inputs against the layer's ports and sets type and shape of every output. `types` are the connected
/// inputs' types as the layer is to see them. Throws std::runtime_error with layer, node and reason.
void InferOutputs(const PreparedNode& node, std::span<const int32_t> types, ov::Node& operation);

/// Gives the outputs the shapes that the layer's infer says for these inputs, all of known shape and value, as far as it
/// says them whole, and returns what it says. Throws as InferOutputs does.
std::vector<ov::PartialShape> GiveShapes(const PreparedNode& node, std::span<const lamina_tensor* const> inputs,
                             ov::TensorVector& outputs);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_INFERENCE_H_
