#ifndef LAMINA_SERVER_ENGINE_ROW_WISE_H_
#define LAMINA_SERVER_ENGINE_ROW_WISE_H_

#include "openvino/core/model.hpp"

namespace lamina::server {

/// True if it is sure that row i of every output depends on row i of every input and on nothing else; rows are what the
/// first dimension counts. It goes by the operations: the engine's that are known here, and layers that say so
/// (lamina_layer.row_wise_rank). False is no more than "not known".
bool IsRowWise(const ov::Model& model);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_ROW_WISE_H_
