// Puts nodes in the order in which they run. ONNX asks for that order, readers of it do without, and the rewrites go by
// it.
#ifndef LAMINA_PREPARE_SORT_NODES_H_
#define LAMINA_PREPARE_SORT_NODES_H_

#include "absl/status/status.h"
#include "prepare/onnx.pb.h"

namespace lamina::prepare {

/// Sorts the nodes of the model's graph, of the graphs inside it and of its functions, so that each comes after those
/// whose values it, or a graph inside it, reads. Nodes that are in order stay as they are. Fails with InvalidArgument
/// if nodes wait for one another. REQUIRES: each value has one maker.
absl::Status SortNodes(onnx::Model& model);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_SORT_NODES_H_
