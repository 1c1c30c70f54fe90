// Makes Identities of a graph superfluous: what they copy and their copy become one value.
#ifndef LAMINA_PREPARE_DROP_IDENTITIES_H_
#define LAMINA_PREPARE_DROP_IDENTITIES_H_

#include <functional>

#include "prepare/graph.h"

namespace lamina::prepare {

/// Drops the graph's own Identities that are unwanted, and returns them. Whoever read such a one's output reads its
/// input instead, or, if its output is one of the graph's, its input takes that name. It stays where that cannot be: if
/// its output is one of the graph's and its input is one, too, or is not made by a node of the graph, if one of them is
/// absent, or if a graph inside has another value of such a name. REQUIRES: the nodes are sorted.
NodeList DropIdentities(onnx::Graph& graph, const std::function<bool(const onnx::Node& identity)>& is_unwanted);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_DROP_IDENTITIES_H_
