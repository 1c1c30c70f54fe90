// Which branches of Ifs give 64-bit values whole.
#ifndef LAMINA_PREPARE_WHOLE_BRANCHES_H_
#define LAMINA_PREPARE_WHOLE_BRANCHES_H_

#include <unordered_set>

#include "prepare/context.h"

namespace lamina::prepare {

/// The branches of the main graph's Ifs out of which a layer may give 64 bits: for each output the values of both
/// branches are made by layers, and only layers and the model's outputs read them, or both are made by the engine.
/// Elsewhere the engine would refuse them: it reads 32 bits, and wants one type of both branches.
std::unordered_set<const onnx::Graph*> WholeBranches(const Context& context);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_WHOLE_BRANCHES_H_
