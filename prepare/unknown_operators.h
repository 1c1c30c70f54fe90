// Operators of a model that nobody takes: neither the engine's front-end nor a layer at hand.
#ifndef LAMINA_PREPARE_UNKNOWN_OPERATORS_H_
#define LAMINA_PREPARE_UNKNOWN_OPERATORS_H_

#include <vector>

#include "prepare/context.h"

namespace lamina::prepare {

/// Each with its count and nearest known name, in the order of their first node. For a model whose rewrites are done.
std::vector<UnknownOperator> FindUnknownOperators(const Context& context);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_UNKNOWN_OPERATORS_H_
