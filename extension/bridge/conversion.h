// Reads a node of a framework's model through OpenVINO's front-end and makes the layer's operation of it.
#ifndef LAMINA_EXTENSION_BRIDGE_CONVERSION_H_
#define LAMINA_EXTENSION_BRIDGE_CONVERSION_H_

#include <string>
#include <vector>

#include "extension/bridge/layer.h"
#include "openvino/frontend/node_context.hpp"

namespace lamina::bridge {

/// A layer that stands for an operator, in the operator set's versions since to until (0: no bound).
struct Candidate {
  std::shared_ptr<const Layer> layer;
  uint32_t since = 0, until = 0;
};

/// All layers for one operator of a framework, best first.
struct Operator {
  std::string framework, domain, name;
  std::vector<Candidate> candidates;
};

/// The operators that layers are bound to. A later layer goes before an earlier one; of one library's, a newer operator
/// set goes first.
std::vector<Operator> OperatorsOf(const Layers& layers);

/// The node's outputs. The front-end does not tell the operator set's version unless the model was prepared; without it
/// the first candidate is taken that accepts the node. Throws std::exception with layer, node and reason.
ov::OutputVector Convert(const Operator& op, const ov::frontend::NodeContext& context);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_CONVERSION_H_
