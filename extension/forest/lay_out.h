// Puts trees into the forms of layout.h.
#ifndef LAMINA_EXTENSION_FOREST_LAY_OUT_H_
#define LAMINA_EXTENSION_FOREST_LAY_OUT_H_

#include <optional>
#include <vector>

#include "extension/forest/layout.h"

namespace lamina::forest {

/// The block layout of trees of at most kMaxLeaves leaves. A leaf without a weight for a target of its tree counts as
/// `absent`.
BlockLayout LayOutBlocks(const std::vector<Tree>& trees, float absent);

/// The same of trees whose leaf numbers are all that counts; `leaf_of` gets the leaf for each number that a tree's
/// kernel gives.
BlockLayout LayOutNumbers(const std::vector<Tree>& trees, std::vector<std::vector<uint32_t>>& leaf_of);

/// One tree as several of at most kMaxLeaves leaves that add up to it: each is a part of the tree with the way to it,
/// and leaves without weights beside the way.
std::vector<Tree> CutIntoPieces(const Tree& tree);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_LAY_OUT_H_
