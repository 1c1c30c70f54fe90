// Trees padded to complete ones, whose last two levels a row meets with their weights in one line of the cache.
#ifndef LAMINA_EXTENSION_FOREST_TREE_TAILS_H_
#define LAMINA_EXTENSION_FOREST_TREE_TAILS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "extension/forest/layout.h"

namespace lamina::forest {

/// Where a branch of a tree finds its answer.
using PlaceOfBranch = std::function<Place(const TreeNode&)>;

/// Node k of a level of the tree, padded to a complete one: below a leaf there is the same leaf.
int32_t NodeAt(const Tree& tree, uint32_t k, int level);

/// The same node's place; a leaf's leads to the left.
Place PlaceAt(const Tree& tree, uint32_t k, int level, const PlaceOfBranch& place_of);

/// True if tails are worth their room: the tree has levels for them, and weights for one target.
bool HasTails(const Tree& tree);

/// Adds the nodes above the tails in heap order, 2^levels of them.
void AddHeap(const Tree& tree, uint32_t levels, const PlaceOfBranch& place_of, std::vector<TailNode>& heaps);

/// Adds a tail for each node of level `levels`. A leaf without a weight counts as `absent`.
/// REQUIRES: HasTails(tree), tree.depth <= levels + 2.
void AddTails(const Tree& tree, uint32_t levels, const PlaceOfBranch& place_of, float absent,
              std::vector<TreeTail>& tails);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_TREE_TAILS_H_
