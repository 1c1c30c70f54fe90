// Attributes of a node that the layer which takes it does not have: misspelt, mostly.
#ifndef LAMINA_PREPARE_UNKNOWN_ATTRIBUTES_H_
#define LAMINA_PREPARE_UNKNOWN_ATTRIBUTES_H_

#include "absl/status/status.h"
#include "prepare/context.h"

namespace lamina::prepare {

/// Fails with InvalidArgument if a node that a layer takes has an attribute that no layer at hand for it has: the layer
/// would pass it over and use its default. The message names node, attribute and the nearest known name. A node that
/// was sent to our layer by us is that of an operator of the engine, with all of its attributes: it may have any.
absl::Status CheckAttributes(const Context& context, const onnx::Node& node);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_UNKNOWN_ATTRIBUTES_H_
