// Puts trees into the form in which single rows meet them.
#ifndef LAMINA_EXTENSION_FOREST_SINGLE_ROWS_H_
#define LAMINA_EXTENSION_FOREST_SINGLE_ROWS_H_

#include <vector>

#include "extension/forest/layout.h"

namespace lamina::forest {

/// Fills layout.single from the trees that the layout was made of, if its columns can be numbered by bytes. A leaf
/// without a weight for a target that others of its tree have weights for counts as `absent`.
void LayOutSingleRows(const std::vector<Tree>& trees, float absent, BlockLayout& layout);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_SINGLE_ROWS_H_
