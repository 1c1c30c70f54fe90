// Trees with thousands of leaves: their tops by the block kernels, then each row's own way down.
//
// The top levels of all trees are laid out for the block kernels, which give each row the number of the subtree where
// it comes out. Per tree the rows are then sorted by that number and walk on in small subtrees that the first cache
// holds, several rows at a time, without branches. A row's values are keys (see rank_map.h), so that a step is one
// comparison of integers, whatever the mode, NaN included.
#ifndef LAMINA_EXTENSION_FOREST_DEEP_H_
#define LAMINA_EXTENSION_FOREST_DEEP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "extension/forest/layout.h"

namespace lamina::forest {

/// Whether the trees can be laid out so: they ask for cuts only, of not too many features, and are not too big. Leaves
/// with weights for few of many targets would be.
bool CanBeDeep(const std::vector<Tree>& trees, size_t targets);

/// Lays the trees out. A leaf without a weight for a target counts as `absent`.
DeepLayout LayOutDeep(const std::vector<Tree>& trees, size_t targets, float absent);

/// The combined weights of `count` rows of floats, `targets` a row.
void PredictDeep(const Layout& layout, const float* rows, size_t stride, size_t count, float* scores);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_DEEP_H_
