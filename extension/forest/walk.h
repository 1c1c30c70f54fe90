// The plain way: each row by itself, tree by tree, node by node. Right for every ensemble, in float and in double.
#ifndef LAMINA_EXTENSION_FOREST_WALK_H_
#define LAMINA_EXTENSION_FOREST_WALK_H_

#include "extension/forest/forest.h"
#include "extension/forest/layout.h"

namespace lamina::forest {

/// Combined weights of rows [begin, end), to scores + begin * targets; whether there were any, to `has`, a place for
/// each of these scores.
/// REQUIRES: layout.trees was kept; `has` is 0.
template <class T>
void WalkRows(const Layout& layout, const Rows& rows, size_t begin, size_t end, T* scores, char* has);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_WALK_H_
