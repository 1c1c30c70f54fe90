// Trees of any shape as a single row meets them: all of a tree's nodes are asked at once, lanes being nodes.
#ifndef LAMINA_EXTENSION_FOREST_MASKED_TREES_H_
#define LAMINA_EXTENSION_FOREST_MASKED_TREES_H_

#include <array>
#include <cstdint>

#include "extension/forest/rank_map.h"
#include "extension/forest/tree.h"

namespace lamina::forest {

/// A tree of at most 32 * kWords leaves, none of whose nodes asks for a set. A node's mask is the leaves that its
/// answer "right" leaves: the row's leaf is the first that all leave. Nodes are in order, node i between leaves i and i
/// + 1.
template <uint32_t kWords>
struct alignas(64) MaskedTree {
  static constexpr uint32_t kNodes = 32 * kWords;
  MaskedTree() {
    thresholds.fill(127);
    masks.fill(~0u);
  }
  std::array<uint8_t, kNodes> columns = {};
  std::array<int8_t, kNodes> thresholds;
  std::array<uint32_t, kNodes * kWords> masks;  // all nodes' first words, then their second ones
};

/// Masked trees that follow each other.
struct MaskedTrees {
  uint32_t words = 1;
  uint32_t first = 0;  // in SingleLayout::small or medium
  uint32_t trees = 0;
  uint32_t place = 0;  // of the first leaf number
};

/// REQUIRES: tree.leaves() <= 32 * kWords, tree.sets.empty(), ranks.columns() <= 256.
template <uint32_t kWords>
MaskedTree<kWords> MaskTree(const Tree& tree, const RankMap& ranks);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_MASKED_TREES_H_
