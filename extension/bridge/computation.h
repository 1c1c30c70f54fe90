// Calls a layer's compute for an operation.
#ifndef LAMINA_EXTENSION_BRIDGE_COMPUTATION_H_
#define LAMINA_EXTENSION_BRIDGE_COMPUTATION_H_

#include <span>
#include <vector>

#include "extension/bridge/prepared_node.h"
#include "openvino/runtime/tensor.hpp"

namespace lamina::bridge {

/// `types` are the connected inputs' types as the layer is to see them, `output_types` what it was said to give;
/// outputs that are not `read` and optional are kept from the layer. Throws std::runtime_error with layer, node and
/// reason.
void Compute(const PreparedNode& node, std::span<const int32_t> types, std::span<const int32_t> output_types,
             const std::vector<bool>& read, const ov::TensorVector& inputs, ov::TensorVector& outputs);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_COMPUTATION_H_
